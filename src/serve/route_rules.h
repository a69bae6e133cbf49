/// Every way into the server: method and path, what it is about, and who answers. What no row lists is 404,
/// and nobody answers a request but through its row.
/// Thread: any. Lifetime: functions; the table lives as long as the program.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "access/action.h"
#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

using Answering = boost::asio::awaitable<HttpResponse>;

/// What becomes of a connection that turns into something else than HTTP.
enum class Door : std::uint8_t {
    EventStream,
    Tagwire,   ///< WebSocket; its frames have rules of their own (frame_rules.h)
    TagValue,  ///< WebSocket
    Agent,     ///< WebSocket; by a token of its source, not of a user
};

/// At once; later; or later, but not for a client that hangs up meanwhile. `request` outlives the answer.
using Plain = HttpResponse (*)(Shard&, const HttpRequest&);
using Later = Answering (*)(Shard&, const HttpRequest&);
using Watched = Answering (*)(Shard&, const HttpRequest&, boost::asio::ip::tcp::socket& client);
using Handler = std::variant<Plain, Later, Watched, Door>;

enum class Begins : std::uint8_t {
    Nothing,
    Session,  ///< has no session yet that a foreign page could misuse, but must not begin one either
};

struct RouteRule {
    Method method;  ///< Get is also HEAD
    /// `{name}` stands for one segment, the last one for whatever is left but nothing.
    std::string_view path;
    access::Action action;
    Handler handler;
    /// What the audit trail calls it; empty: nothing is changed, or whoever changes it writes it down.
    std::string_view recordedAs = {};
    Begins begins = Begins::Nothing;
};

/// In the order of the documentation.
[[nodiscard]] std::span<const RouteRule> routeRules() noexcept;

struct RouteMatch {
    const RouteRule* rule = nullptr;     ///< null: nothing answers this method
    std::vector<std::string> arguments;  ///< what the names in the path stand for
    std::vector<Method> methods;         ///< of the path; none: there is no such path
};

/// The path with most of its letters in the rule wins.
[[nodiscard]] RouteMatch matchRoute(std::span<const RouteRule> rules, Method method, std::string_view path);

/// As in the header Allow.
[[nodiscard]] std::string allowedMethods(const std::vector<Method>& methods);

[[nodiscard]] std::string_view nameOf(Method method) noexcept;

/// What a path names where a pattern matches it; nothing where it does not.
[[nodiscard]] std::optional<std::vector<std::string>> matchPath(std::string_view pattern,
                                                                std::string_view path);

/// The rules of routes and of frames as a table for people and tests, one a line, tabs between the columns.
[[nodiscard]] std::string rulesText();

}  // namespace tagwire::serve
