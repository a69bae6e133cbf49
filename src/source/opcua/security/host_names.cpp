#include "source/opcua/security/host_names.h"

#include <algorithm>
#include <array>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

namespace tagwire::source::opcua {
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
    for (const ifaddrs* each = raw; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
        std::string text = addressText(*each->ifa_addr);
        const bool known = std::ranges::find(names.addresses, text) != names.addresses.end();
        if (!text.empty() && !known && names.addresses.size() < kMaxAddresses)
            names.addresses.push_back(std::move(text));
    }
    return names;
}

std::string applicationUriOf(std::string_view hostName) { return fmt::format("urn:{}:tagwire", hostName); }

}  // namespace tagwire::source::opcua
