/// Pseudo-random numbers that depend on nothing but a seed, a stream and a position, so that any value of the
/// simulation can be computed again. Not for secrets.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>

namespace tagwire::source::simulator {

class Noise {
public:
    explicit constexpr Noise(std::uint64_t seed) noexcept : seed_(mix(seed)) {}

    /// 64 independent bits for position `n` of `stream`.
    [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t stream, std::uint64_t n) const noexcept {
        return mix(mix(seed_ ^ stream) + n);
    }

    /// In [0, 1).
    [[nodiscard]] constexpr double uniform(std::uint64_t stream, std::uint64_t n) const noexcept {
        return static_cast<double>(bits(stream, n) >> 11U) * 0x1.0p-53;
    }

    /// Mean 0, standard deviation 1, never beyond ±3.5: the sum of four uniform numbers is close enough to a
    /// normal distribution for a sensor, and has no outliers that a real transmitter would filter.
    [[nodiscard]] constexpr double normal(std::uint64_t stream, std::uint64_t n) const noexcept {
        constexpr double kScale = 1.7320508075688772 / 65536.0;
        const std::uint64_t b = bits(stream, n);
        const std::uint64_t sum = (b & 0xFFFFU) + (b >> 16U & 0xFFFFU) + (b >> 32U & 0xFFFFU) + (b >> 48U);
        return (static_cast<double>(sum) - 131070.0) * kScale;
    }

private:
    /// The finalizer of splitmix64: every input bit changes about half of the output bits.
    [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
        x += 0x9E3779B97F4A7C15U;
        x = (x ^ x >> 30U) * 0xBF58476D1CE4E5B9U;
        x = (x ^ x >> 27U) * 0x94D049BB133111EBU;
        return x ^ x >> 31U;
    }

    std::uint64_t seed_;
};

}  // namespace tagwire::source::simulator
