#include "serve/credentials.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>

namespace tagwire::serve {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string sessionCookie(bool secure, std::string_view value) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}", sessionCookieName(secure), value,
                       secure ? "; Secure" : "");
}

std::string endedSessionCookie(bool secure) { return sessionCookie(secure, "") + "; Max-Age=0"; }

std::optional<std::string_view> cookieValue(std::string_view header, std::string_view name) noexcept {
    std::optional<std::string_view> found;
    while (!header.empty()) {
        const auto end = std::min(header.find(';'), header.size());
        const auto pair = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        if (found) return std::nullopt;
        found = pair.substr(equals + 1);
    }
    return found && found->empty() ? std::nullopt : found;
}

std::optional<std::string_view> bearerToken(std::string_view header) noexcept {
    constexpr std::string_view kScheme = "Bearer ";
    if (header.size() <= kScheme.size()) return std::nullopt;
    if (!boost::beast::iequals(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
    return header.substr(kScheme.size());
}

std::optional<std::string_view> nearestForwarded(std::string_view header) {
    const auto last = trimmed(header.substr(header.rfind(',') + 1));
    boost::system::error_code failed;
    (void)boost::asio::ip::make_address(last, failed);
    return failed ? std::nullopt : std::optional(last);
}

bool sameSecret(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace tagwire::serve
