#include "source/opcua/text/endpoint_url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kScheme = "opc.tcp://";
/// Of a host name (RFC 1035, 2.3.4); the library's buffer holds 512.
constexpr std::size_t kMaxHostBytes = 253;

bool isIpv6(const std::string& host) noexcept {
    std::array<unsigned char, 16> address{};
    return inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool isHostCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

bool isPathCharacter(char c) noexcept { return c > ' ' && c != 0x7f; }

tl::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    return fail(fmt::format("`{}` is no OPC UA address: {}; write it as opc.tcp://host:port", text, why));
}

}  // namespace

Result<EndpointUrl> EndpointUrl::parse(std::string_view text) {
    if (!text.starts_with(kScheme)) return refuse(text, "it does not begin with opc.tcp://");
    std::string_view rest = text.substr(kScheme.size());

    EndpointUrl url;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == std::string_view::npos)
            return refuse(text, "the bracket of the IPv6 address is not closed");
        url.host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
        if (!isIpv6(url.host)) return refuse(text, "what stands in brackets is no IPv6 address");
    } else {
        const auto end = std::min(rest.find_first_of(":/"), rest.size());
        url.host = rest.substr(0, end);
        rest.remove_prefix(end);
        if (url.host.empty()) return refuse(text, "the host is missing");
        if (url.host.size() > kMaxHostBytes) return refuse(text, "the host name is too long");
        if (!std::ranges::all_of(url.host, isHostCharacter)) {
            return refuse(text, "the host has a character that host names cannot have");
        }
    }

    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        const auto digits = rest.substr(0, std::min(rest.find('/'), rest.size()));
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || url.port == 0) {
            return refuse(text, "the port is no number from 1 to 65535");
        }
        rest.remove_prefix(digits.size());
    }
    if (!rest.empty() && rest.front() != '/')
        return refuse(text, "after the host comes neither a port nor a path");
    if (!std::ranges::all_of(rest, isPathCharacter)) return refuse(text, "the path has a blank in it");
    url.path = rest;
    return url;
}

std::string EndpointUrl::text() const {
    const bool brackets = host.find(':') != std::string::npos;
    return fmt::format("{}{}{}{}:{}{}", kScheme, brackets ? "[" : "", host, brackets ? "]" : "", port, path);
}

bool EndpointUrl::isNumeric() const noexcept {
    in_addr ipv4{};
    return inet_pton(AF_INET, host.c_str(), &ipv4) == 1 || isIpv6(host);
}

}  // namespace tagwire::source::opcua
