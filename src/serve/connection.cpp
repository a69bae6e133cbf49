#include "serve/connection.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "serve/engineering_routes.h"
#include "serve/event_stream_channel.h"
#include "serve/router.h"
#include "serve/shard.h"
#include "serve/stream_session.h"
#include "serve/tag_value_session.h"
#include "serve/tagwire_session.h"
#include "serve/web_socket_channel.h"
#include "serve/web_socket_stream.h"

namespace tagwire::serve {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using wire::ErrorCode;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxHeaderBytes = std::size_t{16} * 1024;
constexpr std::string_view kTagValuePath = "/tagCurValue";
constexpr std::string_view kStreamPath = "/api/v1/stream";

std::string_view view(beast::string_view text) noexcept { return {text.data(), text.size()}; }

Method methodOf(http::verb verb) noexcept {
    switch (verb) {
        case http::verb::get: return Method::Get;
        case http::verb::head: return Method::Head;
        case http::verb::options: return Method::Options;
        case http::verb::post: return Method::Post;
        default: return Method::Other;
    }
}

/// An answer to bytes that are no acceptable request.
std::optional<HttpResponse> answerTo(const beast::error_code& error) {
    if (error == http::error::header_limit) {
        auto response = errorResponse(ErrorCode::TooLarge, "the request's header is too large");
        response.status = 431;
        return response;
    }
    if (error == http::error::body_limit)
        return errorResponse(ErrorCode::TooLarge, "the request's body is too large");
    if (error.category() == http::make_error_code(http::error::bad_target).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
        return errorResponse(ErrorCode::BadRequest,
                             fmt::format("this is no HTTP request: {}", error.message()));
    }
    return std::nullopt;  // closed, timed out or broken off: nobody listens
}

}  // namespace

struct Connection::Http {
    using Request = http::request<http::string_body>;

    Http(Shard& owner, asio::ip::tcp::socket socket) : shard(owner), stream(std::move(socket)) {}

    Shard& shard;
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    bool idle = true;  ///< waits for the first byte of a request
    bool ended = false;
    Request raw;          ///< the request in hand
    HttpRequest request;  ///< the same, as the routes see it; its views point into `raw`

    asio::awaitable<bool> waitForRequest();
    asio::awaitable<void> serve();
    asio::awaitable<bool> answer(HttpResponse response, bool keepAlive);
    asio::awaitable<void> runWebSocket();
    asio::awaitable<void> runStream(StreamTerms terms);
    void take(Request received);
    [[nodiscard]] bool isFromThisMachine() const;
    [[nodiscard]] std::optional<HttpResponse> gate() const;
    [[nodiscard]] Result<TagValueTerms, HttpResponse> tagValueTerms() const;
};

Connection::Connection(Shard& shard, asio::ip::tcp::socket socket)
    : http_(std::make_unique<Http>(shard, std::move(socket))) {
    shard.counters().accepted.add();
    shard.counters().connections.add(1);
    shard.server().connections.fetch_add(1);
}

Connection::~Connection() {
    http_->shard.counters().connections.add(-1);
    http_->shard.server().connections.fetch_sub(1);
}

asio::awaitable<void> Connection::run() {
    co_await http_->serve();
    http_->ended = true;
}

void Connection::stopIdle() noexcept {
    if (http_->idle) cut();
}

void Connection::cut() noexcept {
    if (!http_->ended) http_->stream.close();
}

asio::awaitable<bool> Connection::Http::waitForRequest() {
    if (buffer.size() > 0) co_return true;
    idle = true;
    stream.expires_after(shard.server().options.keepAlive);
    const auto [error, size] = co_await stream.async_read_some(buffer.prepare(4096), kAwait);
    idle = false;
    if (error) co_return false;
    buffer.commit(size);
    co_return true;
}

asio::awaitable<void> Connection::Http::serve() {
    const auto& options = shard.server().options;
    for (;;) {
        if (!co_await waitForRequest()) break;
        http::request_parser<http::string_body> parser;
        parser.header_limit(kMaxHeaderBytes);
        parser.body_limit(options.maxMessageBytes);
        stream.expires_after(options.requestTimeout);  // for the whole request, however slowly it drips
        const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwait);
        if (error) {
            take({});
            if (auto response = answerTo(error)) (void)co_await answer(std::move(*response), false);
            break;
        }
        shard.counters().requests.add();
        take(parser.release());

        auto target = parseTarget(view(raw.target()));
        std::optional<HttpResponse> response;
        if (target) {
            request.path = std::move(target->path);
            request.query = std::move(target->query);
            response = gate();
        } else {
            response = errorResponse(ErrorCode::BadRequest, target.error().message);
        }
        if (!response && websocket::is_upgrade(raw)) {
            co_await runWebSocket();
            break;
        }
        if (!response && request.path == kStreamPath && request.method == Method::Get) {
            auto terms = parseStreamTerms(request);
            if (terms) {
                co_await runStream(std::move(*terms));
                break;
            }
            response = errorResponse(ErrorCode::BadRequest, terms.error().message);
        }
        if (!response) {
            auto work = engineeringRoute(shard, request);
            if (work) {
                stream.expires_never();
                response = co_await std::move(*work);
            } else {
                response = route(shard, request);
            }
        }
        if (!co_await answer(std::move(*response), raw.keep_alive() && !shard.stopping())) break;
    }
    if (stream.socket().is_open()) {
        beast::error_code ignored;
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
}

void Connection::Http::take(Request received) {
    raw = std::move(received);
    request = {};
    request.method = methodOf(raw.method());
    request.host = view(raw[http::field::host]);
    request.origin = view(raw[http::field::origin]);
    request.acceptEncoding = view(raw[http::field::accept_encoding]);
    request.ifNoneMatch = view(raw[http::field::if_none_match]);
    request.lastEventId = view(raw["Last-Event-ID"]);
    request.subprotocols = view(raw[http::field::sec_websocket_protocol]);
    request.contentType = view(raw[http::field::content_type]);
    request.body = raw.body();
    request.fromThisMachine = isFromThisMachine();
}

bool Connection::Http::isFromThisMachine() const {
    beast::error_code error;
    const auto peer = stream.socket().remote_endpoint(error);
    return !error && peer.address().is_loopback() && !raw.count(http::field::forwarded) &&
           !raw.count("X-Forwarded-For") && !raw.count(http::field::via);
}

/// The one gate for pages, API, event streams and WebSockets.
std::optional<HttpResponse> Connection::Http::gate() const {
    const auto& origins = shard.server().origins;
    if (!origins.allowsHost(request.host)) {
        return errorResponse(
            ErrorCode::Forbidden,
            fmt::format("the host name '{}' is not served here; an administrator can add it to "
                        "server.allowed_hosts",
                        request.host));
    }
    if (!origins.allowsOrigin(request.origin, request.host)) {
        return errorResponse(
            ErrorCode::Forbidden,
            fmt::format("pages from '{}' may not connect; an administrator can add this origin to "
                        "server.allowed_origins",
                        request.origin));
    }
    return std::nullopt;
}

asio::awaitable<bool> Connection::Http::answer(HttpResponse response, bool keepAlive) {
    http::response<http::span_body<const char>> message(static_cast<http::status>(response.status),
                                                        raw.version());
    message.set(http::field::server, "Tagwire");
    message.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (!request.origin.empty()) {
        message.insert(http::field::vary, "Origin");
        if (response.status != 403) {
            message.set(http::field::access_control_allow_origin, request.origin);
            message.set(http::field::access_control_expose_headers, "ETag");
        }
        if (request.method == Method::Options) {
            message.set(http::field::access_control_allow_methods, "GET, HEAD, POST, OPTIONS");
            message.set(http::field::access_control_allow_headers,
                        "Content-Type, Last-Event-ID, If-None-Match");
            message.set(http::field::access_control_max_age, "600");
        }
    }
    const bool bodiless = response.status == 304 || response.status == 204;
    const auto content = response.content();
    if (!bodiless) {
        message.set(http::field::content_type, response.contentType);
        if (message.find(http::field::cache_control) == message.end())
            message.set(http::field::cache_control, "no-store");
        message.content_length(content.size());
        if (request.method != Method::Head) message.body() = {content.data(), content.size()};
    }
    message.keep_alive(keepAlive);
    stream.expires_after(shard.server().options.slowClient);
    http::response_serializer<http::span_body<const char>> serializer(message);
    if (request.method == Method::Head) {
        const auto [error, size] = co_await http::async_write_header(stream, serializer, kAwait);
        co_return !error && keepAlive;
    }
    const auto [error, size] = co_await http::async_write(stream, serializer, kAwait);
    co_return !error && keepAlive;
}

Result<TagValueTerms, HttpResponse> Connection::Http::tagValueTerms() const {
    const auto& query = request.query;
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
    if (shard.cache().find(terms.tag) == nullptr) {
        return tl::unexpected(
            errorResponse(ErrorCode::UnknownTag, fmt::format("there is no tag '{}'", terms.tag)));
    }
    return terms;
}

asio::awaitable<void> Connection::Http::runWebSocket() {
    const bool tagValue = request.path == kTagValuePath;
    std::optional<HttpResponse> refusal;
    TagValueTerms terms;
    if (tagValue) {
        auto parsed = tagValueTerms();
        if (parsed) {
            terms = std::move(*parsed);
        } else {
            refusal = std::move(parsed.error());
        }
    } else if (request.path != wire::kWebSocketPath) {
        refusal = errorResponse(ErrorCode::NotFound, fmt::format("there is no WebSocket at {}; it is at {}",
                                                                 request.path, wire::kWebSocketPath));
    }
    const bool ours = http::token_list(raw[http::field::sec_websocket_protocol]).exists(wire::kSubprotocol);
    if (!refusal && !tagValue && !request.subprotocols.empty() && !ours) {
        refusal = errorResponse(ErrorCode::BadRequest,
                                fmt::format("none of the offered subprotocols is {}", wire::kSubprotocol));
    }
    if (refusal) {
        (void)co_await answer(std::move(*refusal), false);
        co_return;
    }

    const auto& options = shard.server().options;
    asio::ip::tcp::socket& socket = stream.socket();
    beast::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    stream.expires_never();

    auto owned = std::make_unique<WebSocketChannel::Stream>(std::move(stream));
    auto& ws = owned->socket;
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = std::chrono::seconds(2);  // also for closing
    timeouts.idle_timeout = websocket::stream_base::none();
    timeouts.keep_alive_pings = false;
    ws.set_option(timeouts);
    ws.set_option(websocket::stream_base::decorator([ours](websocket::response_type& response) {
        response.set(http::field::server, "Tagwire");
        if (ours) response.set(http::field::sec_websocket_protocol, wire::kSubprotocol);
    }));
    ws.read_message_max(options.maxMessageBytes);
    ws.auto_fragment(false);  // one frame, one write
    ws.text(true);
    WebSocketChannel channel(std::move(owned));
    const auto [error] = co_await ws.async_accept(raw, kAwait);
    if (error) co_return;

    shard.counters().webSockets.add(1);
    if (tagValue) {
        TagValueSession session(shard, channel, std::move(terms));
        co_await session.run();
        co_await channel.settled();
    } else {
        TagwireSession session(shard, channel);
        co_await session.run();
        co_await channel.settled();
    }
    shard.counters().webSockets.add(-1);
}

asio::awaitable<void> Connection::Http::runStream(StreamTerms terms) {
    http::response<http::empty_body> head(http::status::ok, 11);
    head.set(http::field::server, "Tagwire");
    head.set(http::field::content_type, "text/event-stream");
    head.set(http::field::cache_control, "no-store");
    head.set("X-Accel-Buffering", "no");  // proxies must pass events on at once
    if (!request.origin.empty()) {
        head.set(http::field::access_control_allow_origin, request.origin);
        head.set(http::field::vary, "Origin");
    }
    head.keep_alive(false);
    http::response_serializer<http::empty_body> serializer(head);
    const auto [error, size] = co_await http::async_write_header(stream, serializer, kAwait);
    if (error) co_return;
    stream.expires_never();
    beast::error_code ignored;
    stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    stream.socket().set_option(asio::socket_base::keep_alive(true), ignored);

    shard.counters().eventStreams.add(1);
    EventStreamChannel channel(stream.socket());
    {
        StreamSession session(shard, channel, std::move(terms));
        co_await session.run();
        co_await channel.settled();
    }
    shard.counters().eventStreams.add(-1);
}

}  // namespace tagwire::serve
