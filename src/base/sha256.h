/// SHA-256 of a text.
/// Thread: any. Lifetime: functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tagwire {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view text) noexcept;

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string toHex(const Sha256& hash);

/// For tables whose keys are hashes of secrets: any part of one is as random as the whole.
struct Sha256Hasher {
    [[nodiscard]] std::size_t operator()(const Sha256& hash) const noexcept {
        std::size_t part = 0;
        std::memcpy(&part, hash.data(), sizeof part);
        return part;
    }
};

}  // namespace tagwire
