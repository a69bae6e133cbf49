#include "source/opcua/client/security_policies.h"

#include <algorithm>
#include <array>

#include <open62541/plugin/securitypolicy_default.h>

namespace tagwire::source::opcua {
namespace {

// Basic128Rsa15 and Basic256 are left out: SHA-1 and PKCS#1 1.5 are broken, and OPC 10000-7 says so.
constexpr std::array kPolicies{
    SecurityPolicy{kPolicyNone, 0, SecurityPolicyChoice::None, nullptr},
    SecurityPolicy{"http://opcfoundation.org/UA/SecurityPolicy#Aes128_Sha256_RsaOaep", 1,
                   SecurityPolicyChoice::Aes128Sha256RsaOaep, UA_SecurityPolicy_Aes128Sha256RsaOaep},
    // The same asymmetric algorithms, and a longer symmetric key.
    SecurityPolicy{"http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256", 2,
                   SecurityPolicyChoice::Basic256Sha256, UA_SecurityPolicy_Basic256Sha256},
    SecurityPolicy{"http://opcfoundation.org/UA/SecurityPolicy#Aes256_Sha256_RsaPss", 3,
                   SecurityPolicyChoice::Aes256Sha256RsaPss, UA_SecurityPolicy_Aes256Sha256RsaPss},
};

}  // namespace

const SecurityPolicy* findPolicy(std::string_view uri) noexcept {
    const auto* const found = std::ranges::find(kPolicies, uri, &SecurityPolicy::uri);
    return found == kPolicies.end() ? nullptr : found;
}

std::string_view policyName(std::string_view uri) noexcept {
    const auto hash = uri.rfind('#');
    return hash == std::string_view::npos ? uri : uri.substr(hash + 1);
}

}  // namespace tagwire::source::opcua
