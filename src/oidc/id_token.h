/// The ID token (OpenID Connect Core 1.0, 2), and whether it is one for us: signed by the provider, for this
/// client, this login and this moment.
/// Thread: any. Lifetime: functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.h"
#include "base/time.h"
#include "oidc/key_set.h"

namespace tagwire::oidc {

inline constexpr std::size_t kMaxTokenBytes = std::size_t{64} * 1024;
/// By so much our clock and the provider's may differ.
inline constexpr std::chrono::seconds kLeeway{60};

struct IdTokenRules {
    std::string issuer;
    std::string clientId;
    std::string nonce;
    Timestamp now;
};

enum class TokenFault : std::uint8_t {
    Wrong,
    UnknownKey,  ///< a newer set of keys may have it
};

struct TokenProblem {
    TokenFault fault = TokenFault::Wrong;
    std::string message;
};

/// What it says, where all of it is right.
[[nodiscard]] Result<boost::json::object, TokenProblem> checkIdToken(std::string_view token,
                                                                     const KeySet& keys,
                                                                     const IdTokenRules& rules);

/// Whether its claims are for us; of a token whose signature is right.
[[nodiscard]] Result<void> checkClaims(const boost::json::object& claims, const IdTokenRules& rules);

}  // namespace tagwire::oidc
