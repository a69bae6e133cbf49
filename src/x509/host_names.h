/// How this machine is called and can be reached, as certificates say it.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <vector>

namespace tagwire::x509 {

struct HostNames {
    /// As the system calls it, without a domain it may have.
    std::string name;
    /// The name, with its domain too if it has one, and localhost.
    std::vector<std::string> dnsNames;
    /// Of the interfaces; loopback and link-local ones are left out, and those of IPv6 that change by
    /// themselves (RFC 8981).
    std::vector<std::string> addresses;
};

/// Asks the system, never the network.
[[nodiscard]] HostNames hostNames();

}  // namespace tagwire::x509
