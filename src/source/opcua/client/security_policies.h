/// The security policies that this program can use (OPC 10000-7).
/// Thread: any. Lifetime: static tables.
#pragma once

#include <span>
#include <string_view>

#include <open62541/plugin/securitypolicy.h>

#include "source/opcua/security_options.h"

namespace tagwire::source::opcua {

struct SecurityPolicy {
    std::string_view uri;
    /// Higher is stronger; 0 is none at all.
    int strength = 0;
    SecurityPolicyChoice choice = SecurityPolicyChoice::None;
    /// Makes the library's object of it. Null for none.
    UA_StatusCode (*make)(UA_SecurityPolicy* policy, UA_ByteString certificate, UA_ByteString key,
                          const UA_Logger* logger) = nullptr;
};

/// Null for a policy that is not known, or no longer secure.
[[nodiscard]] const SecurityPolicy* findPolicy(std::string_view uri) noexcept;

/// The part of a policy's URI behind the `#`; all of it if there is none.
[[nodiscard]] std::string_view policyName(std::string_view uri) noexcept;

inline constexpr std::string_view kPolicyNone = "http://opcfoundation.org/UA/SecurityPolicy#None";

}  // namespace tagwire::source::opcua
