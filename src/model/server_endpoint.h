/// One way in which an OPC UA server can be connected to, as it tells itself (OPC 10000-4, 7.14).
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/certificate_info.h"

namespace tagwire {

enum class EndpointSecurity : std::uint8_t { None, Sign, SignAndEncrypt };

enum class UserTokenKind : std::uint8_t { Anonymous, UserName, Certificate, Issued };

/// A way in which the server takes users.
struct UserToken {
    UserTokenKind kind = UserTokenKind::Anonymous;
    /// Name of the policy that protects the secret, such as `Basic256Sha256`; `None` if nothing does but the
    /// connection itself.
    std::string policy;

    friend bool operator==(const UserToken&, const UserToken&) = default;
};

struct ServerEndpoint {
    std::string url;
    /// Of the server, as in its application description.
    std::string applicationUri;
    std::string applicationName;
    std::string productUri;
    EndpointSecurity security = EndpointSecurity::None;
    /// The part of the policy's URI behind `#`, such as `Aes256_Sha256_RsaPss`.
    std::string policy;
    /// Whether this program can use the policy.
    bool supported = false;
    /// What the server thinks of its security compared to its other endpoints; 0 is none.
    std::uint8_t securityLevel = 0;
    std::vector<UserToken> userTokens;
    /// None where the server sent none, or one that cannot be read.
    std::optional<CertificateInfo> certificate;
    /// In plain words: `encrypted and signed, Aes256_Sha256_RsaPss`.
    std::string words;

    friend bool operator==(const ServerEndpoint&, const ServerEndpoint&) = default;
};

}  // namespace tagwire
