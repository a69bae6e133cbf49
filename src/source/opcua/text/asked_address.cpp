#include "source/opcua/text/asked_address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace tagwire::source::opcua {
namespace {

using Kind = std::optional<std::string_view>;

struct Ipv4Range {
    std::uint32_t network;
    unsigned bits;
    std::string_view kind;
};

/// RFC 6890; and where clouds answer those who are on one of their machines.
constexpr std::array kForbiddenIpv4{
    Ipv4Range{0xA9FE'A9FE, 32, "the address of a cloud's metadata service"},  // 169.254.169.254
    Ipv4Range{0xA9FE'0000, 16, "a link-local address"},                       // 169.254/16
    Ipv4Range{0x6464'64C8, 32, "the address of a cloud's metadata service"},  // 100.100.100.200
    Ipv4Range{0xA83F'8110, 32, "the address of a cloud's metadata service"},  // 168.63.129.16
    Ipv4Range{0x0000'0000, 8, "an unspecified address"},                      // 0/8
    Ipv4Range{0xE000'0000, 4, "a multicast address"},                         // 224/4
    Ipv4Range{0xFFFF'FFFF, 32, "the broadcast address"},
    Ipv4Range{0xF000'0000, 4, "a reserved address"},  // 240/4
};

Kind kindOf(std::uint32_t address) noexcept {
    for (const auto& [network, bits, kind] : kForbiddenIpv4) {
        if ((address ^ network) >> (32 - bits) == 0) return kind;
    }
    return std::nullopt;
}

using Ipv6 = std::array<std::uint8_t, 16>;

std::uint32_t ipv4At(const Ipv6& address, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (const auto byte : std::span(address).subspan(at, 4)) value = value << 8U | byte;
    return value;
}

bool beginsWith(const Ipv6& address, std::span<const std::uint8_t> prefix) noexcept {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

/// The IPv4 address that one of IPv6 leads to.
std::optional<std::uint32_t> embedded(const Ipv6& address) noexcept {
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    constexpr std::array<std::uint8_t, 12> kTranslated{0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0};  // RFC 2765
    constexpr std::array<std::uint8_t, 12> kCompatible{};
    constexpr std::array<std::uint8_t, 12> kNat64{0, 0x64, 0xFF, 0x9B};  // RFC 6052
    constexpr std::array<std::uint8_t, 2> k6to4{0x20, 0x02};
    constexpr std::array<std::uint8_t, 4> kTeredo{0x20, 0x01, 0, 0};
    for (const auto& prefix : {kMapped, kTranslated, kCompatible, kNat64}) {
        if (beginsWith(address, prefix)) return ipv4At(address, 12);
    }
    if (beginsWith(address, k6to4)) return ipv4At(address, 2);
    if (beginsWith(address, kTeredo)) return ~ipv4At(address, 12);
    return std::nullopt;
}

Kind kindOf(const Ipv6& address) noexcept {
    constexpr Ipv6 kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    constexpr Ipv6 kAmazon{0xFD, 0x00, 0x0E, 0xC2, 0, 0, 0,    0,
                           0,    0,    0,    0,    0, 0, 0x02, 0x54};  // fd00:ec2::254
    constexpr Ipv6 kGoogle{0xFD, 0x20, 0x00, 0xCE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};  // fd20:ce::254
    if (address == kLoopback) return std::nullopt;
    if (address == kAmazon || address == kGoogle) return "the address of a cloud's metadata service";
    if (address[0] == 0xFF) return "a multicast address";
    if (address[0] == 0xFE && (address[1] & 0xC0U) == 0x80U) return "a link-local address";
    const auto ipv4 = embedded(address);
    return ipv4 ? kindOf(*ipv4) : std::nullopt;
}

tl::unexpected<Error> refusal(std::string_view host, std::string_view kind, std::string_view address) {
    const bool named = host != address;
    return fail(fmt::format(
        "`{}` {}{}{}, which no one may ask for here. Where a server really has it, name it in the "
        "configuration file",
        host, named ? "leads to " : "is ", kind, named ? fmt::format(" ({})", address) : ""));
}

}  // namespace

std::optional<std::string_view> forbiddenKind(std::string_view host) {
    const std::string text(host.substr(0, host.find('%')));  // without the interface of a link-local address
    Ipv6 ipv6{};
    if (inet_pton(AF_INET6, text.c_str(), ipv6.data()) == 1) return kindOf(ipv6);
    in_addr ipv4{};
    if (inet_aton(text.c_str(), &ipv4) == 1) return kindOf(ntohl(ipv4.s_addr));
    return std::nullopt;
}

Result<EndpointUrl> parseAskedUrl(std::string_view text) {
    auto url = EndpointUrl::parse(text);
    if (!url) return url;
    if (const auto kind = forbiddenKind(url->host)) return refusal(url->host, *kind, url->host);
    return url;
}

Result<std::vector<std::string>> allowedAddresses(AskedBy by, std::string_view host,
                                                  std::vector<std::string> addresses) {
    if (by == AskedBy::Configuration) return addresses;
    std::optional<Error> refused;
    std::erase_if(addresses, [&](const std::string& address) {
        const auto kind = forbiddenKind(address);
        if (kind && !refused) refused = refusal(host, *kind, address).value();
        return kind.has_value();
    });
    if (addresses.empty() && refused) return tl::unexpected(std::move(*refused));
    return addresses;
}

}  // namespace tagwire::source::opcua
