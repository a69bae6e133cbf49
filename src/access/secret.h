/// What opens a door, and what is kept of it: the hash of 32 random bytes needs no salt and no slow function.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace tagwire::access {

inline constexpr std::size_t kSecretBytes = 32;
/// In base64url without padding.
inline constexpr std::size_t kSecretCharacters = 43;
inline constexpr std::string_view kTokenPrefix = "twt_";

/// Of a session, or of the set-up link.
[[nodiscard]] std::string newSecret();
/// `twt_…`, so that scanners for secrets that were published find it.
[[nodiscard]] std::string newTokenSecret();
/// Of a session or a token in lists; opens nothing. Begins with no `-`, so that it is no option on a command
/// line.
[[nodiscard]] std::string newId();

/// Whether a text that came from outside can be one at all: what cannot is not even hashed.
[[nodiscard]] bool looksLikeSecret(std::string_view text) noexcept;
[[nodiscard]] bool looksLikeToken(std::string_view text) noexcept;

/// What a page has to send with each change. Made of what is kept of the session's secret, so that it is the
/// same after a restart.
[[nodiscard]] std::string csrfOf(const Sha256& sessionHash);

/// Takes the same time wherever they differ.
[[nodiscard]] bool sameHash(const Sha256& a, const Sha256& b) noexcept;

}  // namespace tagwire::access
