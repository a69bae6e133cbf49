/// Between the HTTP library's messages and those of the routes.
/// Thread: the shard's. Lifetime: functions; views point into their arguments.
#pragma once

#include <optional>

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

using HttpInput = boost::beast::http::request<boost::beast::http::string_body>;
using HttpHead = boost::beast::http::header<true, boost::beast::http::fields>;
using HttpOutput = boost::beast::http::response<boost::beast::http::span_body<const char>>;

[[nodiscard]] Method methodOf(boost::beast::http::verb verb) noexcept;

/// Everything but path, query and where it comes from. Its views point into `input`.
[[nodiscard]] HttpRequest requestOf(const HttpInput& input);

/// Whether a proxy says that it passed the request on.
[[nodiscard]] bool isForwarded(const HttpHead& head);

/// What is sent for `response`, with the fields that all answers have. Its body points into `response`.
[[nodiscard]] HttpOutput outputOf(const HttpResponse& response, const HttpRequest& request, unsigned version,
                                  bool keepAlive);

/// The head of an event stream, whose body ends with the connection.
[[nodiscard]] boost::beast::http::response<boost::beast::http::empty_body> eventStreamHead(
    const HttpRequest& request);

/// An answer to bytes that are no acceptable request; nothing where nobody listens any more.
/// `lineRead`: its first line was whole. `unread`: what the parser did not take.
[[nodiscard]] std::optional<HttpResponse> answerTo(const boost::beast::error_code& error, bool lineRead,
                                                   std::string_view unread);

}  // namespace tagwire::serve
