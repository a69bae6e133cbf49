/// Requests and answers as the routes see them, free of the HTTP library.
/// Thread: the shard's. Lifetime: value types; views are valid while the request is handled.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/ranges.h>

#include "base/result.h"
#include "serve/caller.h"
#include "serve/tag_sight.h"

namespace tagwire::serve {

enum class Method : std::uint8_t { Get, Head, Options, Post, Put, Patch, Delete, Other };

/// Whether it changes something.
[[nodiscard]] constexpr bool changes(Method method) noexcept {
    return method == Method::Post || method == Method::Put || method == Method::Patch ||
           method == Method::Delete;
}

/// Decoded query parameters, in order.
class Query {
public:
    Query() = default;
    explicit Query(std::vector<std::pair<std::string, std::string>> parameters)
        : parameters_(std::move(parameters)) {}

    /// The first of that name.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    /// All of that name, each split at commas: `?tags=a,b&tags=c`. A comma within a name is written %2C twice
    /// over.
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    /// A parameter that is a number within bounds; `fallback` if it is absent. The error names the parameter.
    [[nodiscard]] Result<double> number(std::string_view name, double fallback, double min, double max) const;
    /// A parameter that is one of an enumeration's names, in the order of its enumerators; the first where it
    /// is absent. The error names them.
    template <class Enum, std::size_t N>
    [[nodiscard]] Result<Enum> name(std::string_view parameter,
                                    const std::array<std::string_view, N>& names) const {
        const auto text = get(parameter);
        if (!text) return Enum{};
        const auto it = std::ranges::find(names, *text);
        if (it != names.end()) return static_cast<Enum>(it - names.begin());
        return fail(fmt::format("parameter '{}': expected one of {}, got '{}'", parameter,
                                fmt::join(names, ", "), *text));
    }
    /// The error names the first parameter that is not in `known`.
    [[nodiscard]] Result<void> onlyKnown(std::initializer_list<std::string_view> known) const;

private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

struct HttpRequest {
    Method method = Method::Get;
    std::string path;  ///< decoded, begins with '/'
    Query query;
    std::string_view host;
    std::string_view origin;
    std::string_view acceptEncoding;
    std::string_view ifMatch;
    std::string_view ifNoneMatch;
    std::string_view lastEventId;
    std::string_view subprotocols;
    std::string_view contentType;
    std::string_view cookie;
    std::string_view authorization;
    std::string_view csrf;          ///< X-Tagwire-Csrf
    std::string_view forwardedFor;  ///< X-Forwarded-For
    std::string_view agent;         ///< User-Agent
    std::string_view body;
    bool forwarded = false;  ///< a proxy says that it passed the request on
    bool secure = false;     ///< came over TLS

    // --- known once the request has been admitted

    Caller caller;
    TagSight sight;                      ///< of the caller
    std::vector<std::string> arguments;  ///< what the names in the route's path stand for
};

/// The User-Agent, as far as the list of sessions has room for it.
[[nodiscard]] inline std::string shownAgent(const HttpRequest& request) {
    constexpr std::size_t kMaxBytes = 200;
    return std::string(request.agent.substr(0, kMaxBytes));
}

struct HttpResponse {
    unsigned status = 200;
    std::string_view contentType = "application/json";
    std::string body{};
    /// Instead of `body`: bytes that live as long as the program.
    std::string_view fixedBody{};
    std::vector<std::pair<std::string_view, std::string>> headers{};
    /// What was changed, for the audit trail, where the path does not name it.
    std::string subject{};
    /// What the answer holds until it has been sent.
    std::shared_ptr<void> held{};

    [[nodiscard]] std::string_view content() const noexcept {
        return fixedBody.empty() ? std::string_view(body) : fixedBody;
    }
};

/// Splits and decodes a request target in origin, absolute or asterisk form (RFC 9112, 3.2). Error: it is
/// none.
struct Target {
    std::string path;
    Query query;
    std::string_view
        authority;  ///< of the absolute form, which goes before the Host header; part of the target
};
[[nodiscard]] Result<Target> parseTarget(std::string_view target);

}  // namespace tagwire::serve
