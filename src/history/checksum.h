/// By which chunks and commits are known to be whole.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace tagwire::history {

/// The low half of XXH3 with 64 bits.
[[nodiscard]] std::uint32_t checksum(std::string_view bytes) noexcept;

/// All of it, by which values are told apart.
[[nodiscard]] std::uint64_t digest(std::string_view bytes) noexcept;

}  // namespace tagwire::history
