#include "serve/http_messages.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <fmt/format.h>

#include "serve/error_response.h"

namespace tagwire::serve {

namespace beast = boost::beast;
namespace http = beast::http;
using wire::ErrorCode;

namespace {

std::string_view view(beast::string_view text) noexcept { return {text.data(), text.size()}; }

/// Nothing where it is there twice: who says two things says neither.
template <class Field>
std::string_view onlyOne(const HttpHead& head, Field field) {
    return head.count(field) == 1 ? view(head[field]) : std::string_view();
}

/// Whether the first line ends as one of HTTP does; a space within the target looks like a wrong version,
/// too.
bool namesVersion(std::string_view text) noexcept {
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    const auto version = line.rfind(" HTTP/");
    return version != std::string_view::npos && line.find(' ') != version &&
           line.find(' ', line.find(' ') + 1) == version && text.substr(line.size(), 2) == "\r\n";
}

}  // namespace

Method methodOf(http::verb verb) noexcept {
    switch (verb) {
        case http::verb::get: return Method::Get;
        case http::verb::head: return Method::Head;
        case http::verb::options: return Method::Options;
        case http::verb::post: return Method::Post;
        case http::verb::put: return Method::Put;
        case http::verb::patch: return Method::Patch;
        case http::verb::delete_: return Method::Delete;
        default: return Method::Other;
    }
}

HttpRequest requestOf(const HttpInput& input) {
    HttpRequest request;
    request.method = methodOf(input.method());
    request.host = view(input[http::field::host]);
    request.origin = view(input[http::field::origin]);
    request.acceptEncoding = view(input[http::field::accept_encoding]);
    request.ifMatch = view(input[http::field::if_match]);
    request.ifNoneMatch = view(input[http::field::if_none_match]);
    request.lastEventId = view(input["Last-Event-ID"]);
    request.subprotocols = view(input[http::field::sec_websocket_protocol]);
    request.contentType = view(input[http::field::content_type]);
    request.cookie = onlyOne(input, http::field::cookie);
    request.authorization = onlyOne(input, http::field::authorization);
    request.csrf = onlyOne(input, "X-Tagwire-Csrf");
    request.forwardedFor = view(input["X-Forwarded-For"]);
    request.agent = view(input[http::field::user_agent]);
    request.body = input.body();
    request.forwarded = isForwarded(input);
    return request;
}

bool isForwarded(const HttpHead& head) {
    constexpr std::array<std::string_view, 6> kSaidByProxies{
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"};
    return std::ranges::any_of(kSaidByProxies, [&](auto name) { return head.count(name) > 0; });
}

HttpOutput outputOf(const HttpResponse& response, const HttpRequest& request, unsigned version,
                    bool keepAlive) {
    HttpOutput message(static_cast<http::status>(response.status), version);
    message.set(http::field::server, "Tagwire");
    message.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (!request.origin.empty()) {
        if (message.find(http::field::vary) == message.end()) message.set(http::field::vary, "Origin");
        if (response.status != 403) {
            message.set(http::field::access_control_allow_origin, request.origin);
            message.set(http::field::access_control_expose_headers, "ETag, Link");
        }
        if (request.method == Method::Options) {
            message.set(http::field::access_control_allow_methods,
                        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            message.set(http::field::access_control_allow_headers,
                        "Authorization, Content-Type, Last-Event-ID, If-Match, If-None-Match");
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
    return message;
}

http::response<http::empty_body> eventStreamHead(const HttpRequest& request) {
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
    return head;
}

std::optional<HttpResponse> answerTo(const beast::error_code& error, bool lineRead, std::string_view unread) {
    if (error == http::error::header_limit) {
        return lineRead ? statusResponse(431, "the request's header is too large")
                        : statusResponse(414, "the request's target is too long");
    }
    if (error == http::error::body_limit)
        return errorResponse(ErrorCode::TooLarge, "the request's body is too large");
    if (error == http::error::bad_version && namesVersion(unread))
        return statusResponse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (error.category() == http::make_error_code(http::error::bad_target).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
        return errorResponse(ErrorCode::BadRequest,
                             fmt::format("this is no HTTP request: {}", error.message()));
    }
    return std::nullopt;  // closed, timed out or broken off: nobody listens
}

}  // namespace tagwire::serve
