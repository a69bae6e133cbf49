#include "serve/listener.h"

#include <chrono>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "serve/shard.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// When the process is out of file descriptors, accepting again at once would only burn the processor.
constexpr std::chrono::milliseconds kRetryAfter{100};

constexpr std::string_view kOverloaded =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 76\r\n"
    "Retry-After: 5\r\nConnection: close\r\n\r\n"
    R"({"code":"overloaded","msg":"the server has as many connections as it takes"})";

std::string_view advice(const boost::system::error_code& error) noexcept {
    if (error == asio::error::address_in_use) {
        return "another program, perhaps another Tagwire, uses this port: stop it, or choose another port "
               "with "
               "server.listen";
    }
    if (error == asio::error::access_denied)
        return "ports below 1024 need privileges: choose a higher one with server.listen";
    return "choose an address of this machine with server.listen";
}

}  // namespace

Listener::Listener(ServerContext& server, const std::vector<std::unique_ptr<Shard>>& shards)
    : server_(server),
      shards_(shards),
      acceptor_(shards.front()->context()),
      retry_(shards.front()->context()) {}

Result<void> Listener::open(const ListenAddress& address) {
    const tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return fail(fmt::format("cannot listen on {}:{}: {}; {}", address.host, address.port, error.message(),
                                advice(error)));
    }
    return {};
}

void Listener::start() {
    asio::post(acceptor_.get_executor(), [this] { accept(); });
}

void Listener::stop() {
    asio::post(acceptor_.get_executor(), [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        retry_.cancel();
    });
}

void Listener::accept() {
    Shard& shard = *shards_[next_];
    next_ = (next_ + 1) % shards_.size();
    acceptor_.async_accept(
        shard.context(), [this, &shard](const boost::system::error_code& error, tcp::socket socket) {
            if (!acceptor_.is_open()) return;
            if (!error) {
                take(shard, std::move(socket));
                accept();
                return;
            }
            log::warning("serve", "a connection could not be accepted: {}", error.message());
            retry_.expires_after(kRetryAfter);
            retry_.async_wait([this](const boost::system::error_code& cancelled) {
                if (!cancelled) accept();
            });
        });
}

void Listener::take(Shard& shard, tcp::socket socket) {
    if (server_.connections.load() >= server_.options.maxConnections) {
        shard.counters().refused.add();
        boost::system::error_code ignored;
        socket.non_blocking(true, ignored);
        (void)socket.write_some(asio::buffer(kOverloaded), ignored);
        return;
    }
    // The connection is moved within a shared pointer because posted handlers must be copyable.
    asio::post(shard.context(), [&shard, moved = std::make_shared<tcp::socket>(std::move(socket))] {
        shard.adopt(std::move(*moved));
    });
}

}  // namespace tagwire::serve
