#include "x509/host_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <memory>
#include <set>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

namespace tagwire::x509 {
namespace {

/// What can stand in a certificate's name: more would be a misconfigured system.
std::string plainHostName(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.';
        plain += fits ? c : '-';
    }
    return plain.empty() ? "localhost" : plain;
}

std::string addressText(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
        return inet_ntop(AF_INET, &ipv4, text.data(), text.size()) != nullptr ? text.data() : "";
    }
    if (address.sa_family != AF_INET6) return {};
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_LINKLOCAL(&ipv6)) return {};
    return inet_ntop(AF_INET6, &ipv6, text.data(), text.size()) != nullptr ? text.data() : "";
}

/// Addresses of IPv6 that the kernel replaces every day, as their 32 hexadecimal digits.
std::set<std::string> temporaryAddresses() {
    constexpr unsigned kTemporary = 0x01;  // IFA_F_TEMPORARY
    std::set<std::string> temporary;
    std::ifstream list("/proc/self/net/if_inet6");  // address, interface, prefix, scope, flags, name
    std::string address, interface, prefix, scope, flags, name;
    while (list >> address >> interface >> prefix >> scope >> flags >> name) {
        unsigned bits = 0;
        std::from_chars(flags.data(), flags.data() + flags.size(), bits, 16);
        if ((bits & kTemporary) != 0) temporary.insert(address);
    }
    return temporary;
}

bool isTemporary(const sockaddr& address, const std::set<std::string>& temporary) {
    if (address.sa_family != AF_INET6 || temporary.empty()) return false;
    std::string digits;
    for (const std::uint8_t byte : reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr)
        digits += fmt::format("{:02x}", byte);
    return temporary.contains(digits);
}

}  // namespace

HostNames hostNames() {
    std::array<char, 256> buffer{};
    static_cast<void>(gethostname(buffer.data(), buffer.size() - 1));
    const std::string full = plainHostName(buffer.data());
    HostNames names;
    names.name = full.substr(0, full.find('.'));
    if (names.name.empty()) names.name = "localhost";
    for (const std::string& name : {names.name, full, std::string("localhost")}) {
        if (std::ranges::find(names.dnsNames, name) == names.dnsNames.end()) names.dnsNames.push_back(name);
    }

    constexpr std::size_t kMaxAddresses = 16;
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0) return names;
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> interfaces(raw, freeifaddrs);
    const auto temporary = temporaryAddresses();
    for (const ifaddrs* each = raw; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
        if (isTemporary(*each->ifa_addr, temporary)) continue;
        std::string text = addressText(*each->ifa_addr);
        const bool known = std::ranges::find(names.addresses, text) != names.addresses.end();
        if (!text.empty() && !known && names.addresses.size() < kMaxAddresses)
            names.addresses.push_back(std::move(text));
    }
    return names;
}

}  // namespace tagwire::x509
