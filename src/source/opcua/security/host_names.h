/// How this machine is called and can be reached, as certificates say it.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tagwire::source::opcua {

struct HostNames {
    /// As the system calls it, without a domain it may have.
    std::string name;
    /// The name, with its domain too if it has one, and localhost.
    std::vector<std::string> dnsNames;
    /// Of the interfaces, loopback and link-local ones left out.
    std::vector<std::string> addresses;
};

/// Asks the system, never the network.
[[nodiscard]] HostNames hostNames();

/// "urn:<host name>:tagwire", what OPC UA servers know this program by.
[[nodiscard]] std::string applicationUriOf(std::string_view hostName);

}  // namespace tagwire::source::opcua
