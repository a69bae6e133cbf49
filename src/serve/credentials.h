/// What a request shows to say who sends it: headers, which are bytes from outside.
/// Thread: any. Lifetime: functions; views point into their arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tagwire::serve {

/// By whom a session's cookie is made and read. Over TLS its name has browsers take it from this host alone,
/// and over TLS alone.
[[nodiscard]] constexpr std::string_view sessionCookieName(bool secure) noexcept {
    return secure ? "__Host-tagwire_session" : "tagwire_session";
}

/// The header Set-Cookie: scripts do not see it, other sites' pages do not send it, and over TLS it never
/// travels without.
[[nodiscard]] std::string sessionCookie(bool secure, std::string_view value);
[[nodiscard]] std::string endedSessionCookie(bool secure);

/// The value of one cookie of a Cookie header (RFC 6265, 4.2.1). Nothing where it is not there, or twice:
/// whoever can plant a second one must not choose which of them counts.
[[nodiscard]] std::optional<std::string_view> cookieValue(std::string_view header,
                                                          std::string_view name) noexcept;

/// The token of an Authorization header (RFC 6750); none where it has another form.
[[nodiscard]] std::optional<std::string_view> bearerToken(std::string_view header) noexcept;

/// Of X-Forwarded-For the address that the nearest proxy saw; nothing where it is none.
[[nodiscard]] std::optional<std::string_view> nearestForwarded(std::string_view header);

/// Takes as long whether they are alike or not, where they are of one length.
[[nodiscard]] bool sameSecret(std::string_view one, std::string_view other) noexcept;

}  // namespace tagwire::serve
