/// For tests only: asks a shard that nobody started, through the gate, as a connection does.
/// Thread: the test's. Lifetime: of the test.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/asio/co_spawn.hpp>

#include "serve/admission.h"
#include "serve/history_testing.h"

namespace tagwire::serve {

class RouteBench {
public:
    explicit RouteBench(ShardWithHistory& server) : server_(server) {}

    /// What is sent besides method and target. Its views must live until the answer.
    HttpRequest request{};
    std::string peer = "127.0.0.1";

    /// The answer of a route, or of the gate before it.
    HttpResponse answer(Method method, std::string_view target) {
        begin(method, target);
        for (int turn = 0; turn < 10 && !response_; ++turn) server_.settle();
        if (!response_) throw std::runtime_error("no answer yet");
        return *std::exchange(response_, std::nullopt);
    }

    /// The same, to be waited for.
    void begin(Method method, std::string_view target) {
        auto parsed = parseTarget(target).value();
        asked_ = request;
        asked_.method = method;
        asked_.path = parsed.path;
        asked_.query = std::move(parsed.query);
        response_.reset();
        const ClientOrigin origin{.address = nullptr, .peer = boost::asio::ip::make_address(peer)};
        auto rule = admit(server_.server, asked_, origin);
        if (!rule) {
            response_ = std::move(rule.error());
        } else if (const auto* plain = std::get_if<Plain>(&(*rule)->handler)) {
            finish(**rule, (*plain)(server_.shard, asked_));
        } else if (const auto* later = std::get_if<Later>(&(*rule)->handler)) {
            spawn(**rule, (*later)(server_.shard, asked_));
        } else if (const auto* watched = std::get_if<Watched>(&(*rule)->handler)) {
            spawn(**rule, (*watched)(server_.shard, asked_, client_));
        } else {
            response_ = HttpResponse{.status = 101};
        }
    }

    [[nodiscard]] std::optional<HttpResponse>& response() noexcept { return response_; }
    [[nodiscard]] const HttpRequest& asked() const noexcept { return asked_; }

private:
    void spawn(const RouteRule& rule, Answering answering) {
        boost::asio::co_spawn(server_.shard.context(), std::move(answering),
                              [this, &rule](const std::exception_ptr& error, HttpResponse made) {
                                  if (error) std::rethrow_exception(error);
                                  finish(rule, std::move(made));
                              });
        server_.settle();
    }
    void finish(const RouteRule& rule, HttpResponse made) {
        recordChange(server_.server, rule, asked_, made);
        response_ = std::move(made);
    }

    ShardWithHistory& server_;
    boost::asio::ip::tcp::socket client_{server_.shard.context()};
    HttpRequest asked_;
    std::optional<HttpResponse> response_;
};

}  // namespace tagwire::serve
