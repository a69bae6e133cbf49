#include "serve/origin_policy.h"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace tagwire::serve {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return result;
}

/// The host without port and brackets.
std::string_view bareHost(std::string_view host) noexcept {
    if (!host.empty() && host.front() == '[') {
        const auto end = host.find(']');
        return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

bool isAddress(std::string_view bare) {
    boost::system::error_code failed;
    (void)boost::asio::ip::make_address(bare, failed);
    return !failed;
}

bool isLoopback(std::string_view bare) {
    if (bare == "localhost") return true;
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(bare, failed);
    return !failed && address.is_loopback();
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

}  // namespace

OriginPolicy::OriginPolicy(std::vector<std::string> allowedOrigins, std::vector<std::string> allowedHosts)
    : origins_(std::move(allowedOrigins)), hosts_(std::move(allowedHosts)) {
    for (auto& origin : origins_) origin = lower(origin);
    for (auto& host : hosts_) host = lower(host);
}

bool OriginPolicy::allowsHost(std::string_view host) const {
    const auto bare = lower(bareHost(host));
    return !bare.empty() && (bare == "localhost" || isAddress(bare) || contains(hosts_, bare));
}

bool OriginPolicy::allowsOrigin(std::string_view origin, std::string_view host) const {
    if (origin.empty()) return true;
    const auto parsed = parseOrigin(origin);
    if (!parsed) return false;  // also the opaque origin "null" of sandboxed pages and files
    const auto authority = std::string_view(*parsed).substr(parsed->find("://") + 3);
    return isLoopback(bareHost(authority)) || authority == lower(host) || contains(origins_, *parsed);
}

bool OriginPolicy::isOwn(std::string_view origin, std::string_view host, bool secure) const {
    const auto parsed = parseOrigin(origin);
    if (!parsed) return false;
    const auto authority = std::string_view(*parsed).substr(parsed->find("://") + 3);
    // Where a proxy ends TLS we see none; but what came over TLS is of no page that did not.
    const bool sameScheme = !secure || parsed->starts_with("https://");
    return (sameScheme && authority == lower(host)) || contains(origins_, *parsed);
}

Result<std::string> parseOrigin(std::string_view text) {
    const auto wrong = [text](std::string_view reason) {
        return fail(
            fmt::format("'{}' {}; expected an origin such as https://hmi.example.com or "
                        "http://10.0.0.5:8080",
                        text, reason));
    };
    const auto url = boost::urls::parse_uri(text);
    if (!url) return wrong("is no URL");
    const auto scheme = lower(std::string_view(url->scheme().data(), url->scheme().size()));
    if (scheme != "http" && scheme != "https") return wrong("does not begin with http:// or https://");
    if (url->encoded_host().empty()) return wrong("has no host");
    if (!url->encoded_path().empty() || url->has_query() || url->has_fragment() || url->has_userinfo()) {
        return wrong("has more than scheme, host and port");
    }
    return lower(text);
}

bool isLocalhost(std::string_view host) { return lower(bareHost(host)) == "localhost"; }

Result<std::string> parseHostName(std::string_view text) {
    const bool named = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
    });
    if (!named) {
        return fail(fmt::format(
            "'{}' is no host name; expected one such as hmi.example.com, without scheme and port", text));
    }
    return lower(text);
}

}  // namespace tagwire::serve
