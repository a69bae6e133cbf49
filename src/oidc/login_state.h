/// What has to be the same when a browser comes back from the provider. The browser keeps it itself, sealed:
/// nothing is stored here that a stranger could fill up.
/// Thread: any (immutable). Lifetime: StateSeal lives as long as the program runs; what an earlier run sealed
/// is nobody's.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tagwire::oidc {

/// Longer than anybody takes to type a password and a second factor.
inline constexpr std::chrono::minutes kLoginTime{10};

struct LoginState {
    std::string state;     ///< against pages that send a browser here with somebody else's code
    std::string nonce;     ///< against tokens of another login
    std::string verifier;  ///< against whoever has seen the code (RFC 7636)
    Timestamp expires;
};

/// Random, of 32 bytes each.
[[nodiscard]] LoginState newLoginState(Timestamp now);

/// S256 of RFC 7636, 4.2.
[[nodiscard]] std::string challengeOf(std::string_view verifier);

class StateSeal {
public:
    StateSeal();
    ~StateSeal();
    StateSeal(const StateSeal&) = delete;
    StateSeal& operator=(const StateSeal&) = delete;

    /// Fit for a cookie.
    [[nodiscard]] std::string seal(const LoginState& state) const;
    /// Nothing: it was not sealed here, was changed, or its time is over.
    [[nodiscard]] std::optional<LoginState> open(std::string_view sealed, Timestamp now) const;

private:
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace tagwire::oidc
