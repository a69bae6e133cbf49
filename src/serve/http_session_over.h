/// What http_session.h makes, for one way that bytes travel. Included by the files that make them only, one
/// for each way: it takes long to compile. Thread: the shard's. Lifetime: owned by the connection.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include "access/gate.h"
#include "model/document_services.h"
#include "serve/admission.h"
#include "serve/agent_session.h"
#include "serve/client_addresses.h"
#include "serve/client_link.h"
#include "serve/credentials.h"
#include "serve/document_routes.h"
#include "serve/error_response.h"
#include "serve/event_stream_over.h"
#include "serve/http_messages.h"
#include "serve/push_channel.h"
#include "serve/push_socket.h"
#include "serve/shard.h"
#include "serve/stream_session.h"
#include "serve/tag_value_session.h"
#include "serve/tagwire_session.h"
#include "serve/web_socket_over.h"

namespace tagwire::serve {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using wire::ErrorCode;

template <class Stream>
class HttpSession : public ClientLink {
public:
    HttpSession(Shard& shard, Stream stream, ClientOrigin origin, std::string_view read = {})
        : shard_(shard), stream_(std::move(stream)), origin_(std::move(origin)) {
        buffer_.commit(asio::buffer_copy(buffer_.prepare(read.size()), asio::buffer(read)));
    }

    asio::awaitable<void> run() final;
    void stopIdle() noexcept final {
        if (idle_) cut();
    }
    void cut() noexcept final {
        if (ended_) return;
        if (pushing_ != nullptr) {
            pushing_->cut();
        } else {
            tcpOf(*stream_).close();
        }
    }

protected:
    /// An answer that keeps the request from the routes.
    [[nodiscard]] virtual std::optional<HttpResponse> gate() const;
    [[nodiscard]] const HttpInput& input() const noexcept { return input_; }
    [[nodiscard]] const HttpRequest& request() const noexcept { return request_; }

private:
    static constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
    static constexpr std::size_t kMaxHeaderBytes = std::size_t{16} * 1024;
    /// For the peer's part in ending TLS.
    static constexpr std::chrono::seconds kFarewell{1};
    static constexpr std::size_t kMaxLingerBytes = std::size_t{4} * 1024 * 1024;
    static constexpr std::size_t kLingerChunk = std::size_t{16} * 1024;
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

    [[nodiscard]] static std::string_view textOf(const beast::flat_buffer& buffer) noexcept {
        const auto data = buffer.cdata();
        return {static_cast<const char*>(data.data()), data.size()};
    }
    asio::awaitable<bool> waitForRequest();
    /// True when a WebSocket or an event stream has taken over and ended; a WebSocket takes `stream_` with
    /// it.
    asio::awaitable<bool> serve();
    /// False: there is no request; `refusal_` is what to answer, if anybody still listens.
    asio::awaitable<bool> readRequest();
    using Parser = http::request_parser<http::string_body>;
    /// Sets how large the body may be, now that the head says what it is for. False: it is larger, or
    /// `refusal_` says why it cannot be taken now.
    [[nodiscard]] bool allowBody(Parser& parser);
    [[nodiscard]] bool maySaveDocuments(const HttpInput& head) const;
    [[nodiscard]] std::optional<HttpResponse> admit();
    asio::awaitable<void> farewell();
    asio::awaitable<bool> answer(HttpResponse response, bool keepAlive);
    /// False when the upgrade was refused: `stream_` is as before.
    asio::awaitable<bool> runWebSocket(Door door);
    /// Nothing: it has turned into a stream, which has ended.
    asio::awaitable<std::optional<HttpResponse>> openStream();
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): of the table, which stays
    asio::awaitable<HttpResponse> answerOf(const RouteRule& rule);
    [[nodiscard]] HttpResponse upgradeNeeded() const;
    asio::awaitable<void> runStream(StreamTerms terms);
    void take(HttpInput received);
    void prepareForPushing();
    [[nodiscard]] Result<TagValueTerms, HttpResponse> tagValueTerms() const;
    /// Where the agent that asks belongs, by its token; null: it shows that in a frame.
    [[nodiscard]] Result<AgentPort*, HttpResponse> agentPort() const;

    Shard& shard_;
    /// None once a WebSocket has taken it.
    std::optional<Stream> stream_;
    const ClientOrigin origin_;
    beast::flat_buffer buffer_;
    bool first_ = true;  ///< no request has come yet
    bool idle_ = true;   ///< waits for the first byte of a request
    bool ended_ = false;
    bool linger_ = false;                  ///< the client may still be sending what was refused
    PushChannel* pushing_ = nullptr;       ///< the WebSocket or event stream that has taken over
    HttpInput input_;                      ///< the request in hand
    HttpRequest request_;                  ///< the same, as the routes see it; its views point into `input_`
    std::optional<HttpResponse> refusal_;  ///< of what could not be read as a request
    std::shared_ptr<void> documentTurn_;   ///< of the large document in `input_`
    const RouteRule* rule_ = nullptr;      ///< of the request, once it has been admitted
};

template <class Stream>
asio::awaitable<void> HttpSession<Stream>::run() {
    const bool pushed = co_await serve();
    if (!pushed) co_await farewell();
    ended_ = true;
}

template <class Stream>
asio::awaitable<bool> HttpSession<Stream>::waitForRequest() {
    const bool first = std::exchange(first_, false);
    if (buffer_.size() > 0) co_return true;
    idle_ = true;
    const auto& options = shard_.server().options;
    tcpOf(*stream_).expires_after(first ? options.handshakeTimeout : options.keepAlive);
    const auto [error, size] = co_await stream_->async_read_some(buffer_.prepare(4096), kAwait);
    idle_ = false;
    if (error) co_return false;
    buffer_.commit(size);
    co_return true;
}

template <class Stream>
asio::awaitable<bool> HttpSession<Stream>::readRequest() {
    refusal_.reset();
    const auto& options = shard_.server().options;
    Parser parser;
    parser.header_limit(kMaxHeaderBytes);
    // The largest that any route takes: which one it is for is known when the head is.
    parser.body_limit(std::max(std::size_t{options.maxMessageBytes}, kMaxDocumentBytes));
    while (textOf(buffer_).starts_with("\r\n")) buffer_.consume(2);  // RFC 9112, 2.2
    // For the whole request, however slowly it drips.
    tcpOf(*stream_).expires_after(options.requestTimeout);
    auto [error, size] = co_await http::async_read_header(*stream_, buffer_, parser, kAwait);
    if (!error && !parser.is_done() && !allowBody(parser)) {
        if (refusal_) {
            take({});
            co_return false;
        }
        error = http::error::body_limit;
    }
    if (!error && !parser.is_done()) {
        const auto expect = parser.get()[http::field::expect];
        if (beast::iequals(expect, "100-continue")) {
            const auto [failed, sent] = co_await asio::async_write(*stream_, asio::buffer(kContinue), kAwait);
            error = failed;
        } else if (!expect.empty()) {
            take({});
            refusal_ = statusResponse(417, "the only expectation known here is 100-continue");
            co_return false;
        }
    }
    if (!error && !parser.is_done()) {
        const auto [failed, rest] = co_await http::async_read(*stream_, buffer_, parser, kAwait);
        error = failed;
    }
    if (error) {
        const bool line = !parser.get().target().empty();
        take({});
        refusal_ = answerTo(error, line, textOf(buffer_));
        co_return false;
    }
    shard_.counters().requests.add();
    take(parser.release());
    co_return true;
}

template <class Stream>
bool HttpSession<Stream>::allowBody(Parser& parser) {
    const std::uint64_t usual = shard_.server().options.maxMessageBytes;
    const auto length = parser.content_length();
    const auto& head = parser.get();
    const bool document =
        bringsDocument(methodOf(head.method()), std::string_view(head.target())) && maySaveDocuments(head);
    if (!document || (length && *length <= usual)) {
        parser.body_limit(usual);
        return !length || *length <= usual;
    }
    documentTurn_ = shard_.documentTurns().take(kMaxDocumentTexts);
    if (documentTurn_ == nullptr) refusal_ = noDocumentTurn();
    return documentTurn_ != nullptr;
}

/// Only whom a document is taken from may send one that is larger than other bodies.
template <class Stream>
bool HttpSession<Stream>::maySaveDocuments(const HttpInput& head) const {
    auto request = requestOf(head);
    request.secure = std::is_same_v<Stream, TlsStream>;
    const auto caller = callerOf(shard_.server(), request, origin_);
    return access::Gate::mayBegin(*caller.principal, access::Action::ChangeConfiguration) ==
           access::Decision::Allowed;
}

/// Target, limits and the gates; an answer keeps the request from the routes.
template <class Stream>
std::optional<HttpResponse> HttpSession<Stream>::admit() {
    if (origin_.address != nullptr) {
        const auto wait =
            origin_.address->requests.take(SteadyClock::now(), shard_.server().options.maxRequestsPerSecond);
        if (wait > std::chrono::nanoseconds::zero()) {
            shard_.counters().refusedRequests.add();
            auto refusal = statusResponse(
                429, fmt::format("more than {} requests a second come from this address: ask for less, or "
                                 "less often",
                                 shard_.server().options.maxRequestsPerSecond));
            refusal.headers.emplace_back("Retry-After", "1");
            return refusal;
        }
    }
    auto target = parseTarget(std::string_view(input_.target()));
    if (!target) return errorResponse(ErrorCode::BadRequest, target.error().message);
    request_.path = std::move(target->path);
    request_.query = std::move(target->query);
    if (!target->authority.empty()) request_.host = target->authority;
    if (auto refused = gate()) return refused;
    auto admitted = tagwire::serve::admit(shard_.server(), request_, origin_);
    if (!admitted) return std::move(admitted.error());
    rule_ = *admitted;
    return std::nullopt;
}

template <class Stream>
asio::awaitable<bool> HttpSession<Stream>::serve() {
    for (;;) {
        if (!co_await waitForRequest()) break;
        const bool read = co_await readRequest();
        if (!read) {
            if (!refusal_) co_return false;  // closed, timed out or broken off: nobody listens
            (void)co_await answer(std::move(*refusal_), false);
            linger_ = true;
            break;
        }
        std::optional<HttpResponse> response = admit();
        const auto* door = response ? nullptr : std::get_if<Door>(&rule_->handler);
        const bool upgrades = websocket::is_upgrade(input_);
        if (!response && upgrades) {
            if (door != nullptr && *door != Door::EventStream) co_return co_await runWebSocket(*door);
            response = errorResponse(
                ErrorCode::NotFound,
                fmt::format("there is no WebSocket at {}; it is at {}", request_.path, wire::kWebSocketPath));
        } else if (door != nullptr && *door == Door::EventStream) {
            response = co_await openStream();
            if (!response) co_return true;
        } else if (door != nullptr) {
            response = upgradeNeeded();
        } else if (!response) {
            response = co_await answerOf(*rule_);
            recordChange(shard_.server(), *rule_, request_, *response);
        }
        // After a refused upgrade the client may take the connection for a WebSocket's.
        const bool goesOn =
            co_await answer(std::move(*response), input_.keep_alive() && !upgrades && !shard_.stopping());
        if (documentTurn_ != nullptr) {
            request_ = {};
            input_ = {};
            documentTurn_.reset();
        }
        if (!goesOn) break;
    }
    co_return false;
}

template <class Stream>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): of the table, which stays
asio::awaitable<HttpResponse> HttpSession<Stream>::answerOf(const RouteRule& rule) {
    if (const auto* plain = std::get_if<Plain>(&rule.handler)) co_return (*plain)(shard_, request_);
    tcpOf(*stream_).expires_never();
    if (const auto* later = std::get_if<Later>(&rule.handler)) co_return co_await (*later)(shard_, request_);
    co_return co_await std::get<Watched>(rule.handler)(shard_, request_, tcpOf(*stream_).socket());
}

template <class Stream>
asio::awaitable<std::optional<HttpResponse>> HttpSession<Stream>::openStream() {
    auto terms = parseStreamTerms(request_);
    if (!terms) co_return badRequest(terms.error());
    if (request_.method == Method::Head) co_return HttpResponse{.contentType = "text/event-stream"};
    if (shard_.subscriptionsExhausted()) {
        auto refusal =
            errorResponse(ErrorCode::Overloaded, "the server has as many subscriptions as it takes");
        refusal.headers.emplace_back("Retry-After", "5");
        co_return refusal;
    }
    co_await runStream(std::move(*terms));
    co_return std::nullopt;
}

template <class Stream>
HttpResponse HttpSession<Stream>::upgradeNeeded() const {
    auto response = errorResponse(
        ErrorCode::BadRequest,
        fmt::format("{} is a WebSocket: connect to it with {}://, not with {}://", request_.path,
                    request_.secure ? "wss" : "ws", request_.secure ? "https" : "http"));
    response.status = 426;
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
}

/// Tells the client that nothing more comes, where it may still listen.
template <class Stream>
asio::awaitable<void> HttpSession<Stream>::farewell() {
    auto& tcp = tcpOf(*stream_);
    if (!tcp.socket().is_open()) co_return;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
        tcp.expires_after(kFarewell);
        (void)co_await stream_->async_shutdown(kAwait);
    }
    beast::error_code ignored;
    tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    // Closing with bytes unread resets the connection, and the client might never see our answer.
    tcp.expires_after(kFarewell);
    for (std::size_t taken = 0; linger_ && taken < kMaxLingerBytes;) {
        buffer_.clear();
        const auto [error, size] = co_await tcp.async_read_some(buffer_.prepare(kLingerChunk), kAwait);
        if (error) break;
        taken += size;
    }
}

template <class Stream>
void HttpSession<Stream>::take(HttpInput received) {
    input_ = std::move(received);
    request_ = requestOf(input_);
    request_.secure = std::is_same_v<Stream, TlsStream>;
    rule_ = nullptr;
}

/// Which pages may connect at all, and under which name.
template <class Stream>
std::optional<HttpResponse> HttpSession<Stream>::gate() const {
    const auto& origins = shard_.server().origins;
    const auto hosts = input_.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && input_.version() >= 11)) {
        return errorResponse(ErrorCode::BadRequest, "a request has exactly one Host");  // RFC 9112, 3.2
    }
    // Browsers speak HTTP/1.1; probes of load balancers in HTTP/1.0 know no Host.
    if (hosts > 0 && !origins.allowsHost(request_.host)) {
        return errorResponse(
            ErrorCode::Forbidden,
            fmt::format("the host name '{}' is not served here; an administrator can add it to "
                        "server.allowed_hosts",
                        request_.host));
    }
    if (!origins.allowsOrigin(request_.origin, request_.host)) {
        return errorResponse(
            ErrorCode::Forbidden,
            fmt::format("pages from '{}' may not connect; an administrator can add this origin to "
                        "server.allowed_origins",
                        request_.origin));
    }
    return std::nullopt;
}

template <class Stream>
asio::awaitable<bool> HttpSession<Stream>::answer(HttpResponse response, bool keepAlive) {
    auto message = outputOf(response, request_, input_.version(), keepAlive);
    const auto& security = shard_.server().transportSecurity;
    if (request_.secure && !security.empty() && !isLocalhost(request_.host))
        message.set(http::field::strict_transport_security, security);
    tcpOf(*stream_).expires_after(shard_.server().options.slowClient);
    http::response_serializer<http::span_body<const char>> serializer(message);
    if (request_.method == Method::Head) {
        const auto [error, size] = co_await http::async_write_header(*stream_, serializer, kAwait);
        co_return !error && keepAlive;
    }
    const auto [error, size] = co_await http::async_write(*stream_, serializer, kAwait);
    co_return !error && keepAlive;
}

template <class Stream>
Result<TagValueTerms, HttpResponse> HttpSession<Stream>::tagValueTerms() const {
    const auto& query = request_.query;
    const auto wrong = [](const Error& error) {
        return tl::unexpected(errorResponse(ErrorCode::BadRequest, error.message));
    };
    if (const auto known = query.onlyKnown({"tag", "interval"}); !known) return wrong(known.error());
    const auto seconds = query.number("interval", wire::kTagCurValueIntervalDefault,
                                      wire::kTagCurValueIntervalMin, wire::kTagCurValueIntervalMax);
    if (!seconds) return wrong(seconds.error());
    TagValueTerms terms;
    terms.tag = query.get("tag").value_or("Random.Int1");
    terms.interval = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
    if (!request_.sight.sees(terms.tag) || shard_.cache().find(terms.tag) == nullptr) {
        return tl::unexpected(
            errorResponse(ErrorCode::UnknownTag, fmt::format("there is no tag '{}'", terms.tag)));
    }
    return terms;
}

template <class Stream>
Result<AgentPort*, HttpResponse> HttpSession<Stream>::agentPort() const {
    const auto* agents = shard_.server().agents;
    if (agents == nullptr) {
        return tl::unexpected(errorResponse(
            ErrorCode::NotFound, "no agents are expected here; an administrator adds them as [[opcda]]"));
    }
    const auto token = bearerToken(request_.authorization);
    if (!token && request_.query.get("auth") == "frame") return nullptr;
    auto* port = token ? agents->find(*token) : nullptr;
    if (port != nullptr) return port;
    return tl::unexpected(
        unauthorized(token ? kUnknownAgentToken : "an agent shows its token: Authorization: Bearer TOKEN"));
}

template <class Stream>
void HttpSession<Stream>::prepareForPushing() {
    auto& tcp = tcpOf(*stream_);
    setUpForPushing(tcp.socket());
    tcp.expires_never();
}

template <class Stream>
asio::awaitable<bool> HttpSession<Stream>::runWebSocket(Door door) {
    std::optional<HttpResponse> refusal;
    TagValueTerms terms;
    AgentPort* agent = nullptr;
    if (door == Door::Agent) {
        auto found = agentPort();
        if (found) {
            agent = *found;
        } else {
            refusal = std::move(found.error());
        }
    } else if (door == Door::TagValue) {
        auto parsed = tagValueTerms();
        if (parsed) {
            terms = std::move(*parsed);
        } else {
            refusal = std::move(parsed.error());
        }
    }
    if (!refusal && buffer_.size() > 0) {
        // RFC 6455, 4.1; what came too early would be lost, and the frames after it not be understood.
        refusal = errorResponse(ErrorCode::BadRequest,
                                "a WebSocket client waits for the answer before it sends a frame");
    }
    const bool ours =
        http::token_list(input_[http::field::sec_websocket_protocol]).exists(wire::kSubprotocol);
    if (!refusal && door == Door::Tagwire && !request_.subprotocols.empty() && !ours) {
        refusal = errorResponse(ErrorCode::BadRequest,
                                fmt::format("none of the offered subprotocols is {}", wire::kSubprotocol));
    }
    if (refusal) {
        (void)co_await answer(std::move(*refusal), false);
        co_return false;
    }

    prepareForPushing();
    WebSocketOver<Stream> channel(std::move(*stream_), shard_.server().options);
    pushing_ = &channel;
    stream_.reset();  // what a moved stream leaves behind is half a kilobyte
    const bool accepted = co_await channel.accept(input_, ours);
    if (!accepted) {
        ended_ = true;
        co_return true;
    }

    auto caller = std::move(request_.caller);
    // Kilobytes that ten thousand idle connections need not keep.
    request_ = {};
    input_ = {};
    buffer_.shrink_to_fit();

    shard_.counters().webSockets.add(1);
    if (door == Door::Agent) {
        AgentSession session(shard_, channel, agent);
        co_await session.run();
        co_await channel.settled();
    } else if (door == Door::TagValue) {
        TagValueSession session(shard_, channel, std::move(terms), std::move(caller));
        co_await session.run();
        co_await channel.settled();
    } else {
        TagwireSession session(shard_, channel, std::move(caller));
        co_await session.run();
        co_await channel.settled();
    }
    shard_.counters().webSockets.add(-1);
    ended_ = true;
    co_return true;
}

template <class Stream>
asio::awaitable<void> HttpSession<Stream>::runStream(StreamTerms terms) {
    auto head = eventStreamHead(request_);
    http::response_serializer<http::empty_body> serializer(head);
    const auto [error, size] = co_await http::async_write_header(*stream_, serializer, kAwait);
    if (error) co_return;
    prepareForPushing();

    shard_.counters().eventStreams.add(1);
    EventStreamOver<Stream> channel(*stream_);
    pushing_ = &channel;
    {
        StreamSession session(shard_, channel, std::move(terms), request_.caller);
        co_await session.run();
        co_await channel.settled();
    }
    shard_.counters().eventStreams.add(-1);
    pushing_ = nullptr;
}

}  // namespace tagwire::serve
