/// How many users, sessions and tokens there may be, and what they may be called.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace tagwire::access {

inline constexpr std::size_t kMaxUsers = 1000;
/// One more, and the one that began first ends.
inline constexpr std::size_t kMaxSessionsPerUser = 20;
inline constexpr std::size_t kMaxTokensPerUser = 50;
inline constexpr std::size_t kMaxUserNameBytes = 64;
inline constexpr std::size_t kMaxTokenNameBytes = 100;
inline constexpr std::size_t kMaxAgentBytes = 256;
inline constexpr std::size_t kMaxAddressBytes = 64;

/// Letters, digits, `.`, `_`, `-` and `@`: what looks the same is the same. Upper and lower case count alike.
[[nodiscard]] Result<void> checkUserName(std::string_view name);
[[nodiscard]] bool sameUserName(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] Result<void> checkTokenName(std::string_view name);

}  // namespace tagwire::access
