/// Periodic signals.
/// Thread: any. Lifetime: value types.
#pragma once

#include <chrono>
#include <cstdint>

namespace tagwire::source::simulator {

enum class WaveShape : std::uint8_t {
    SawTooth,  ///< rises from low to high over the period, then falls back at once
    Triangle,  ///< rises during the first half of the period, falls during the second
    Square,    ///< low during the first half of the period, high during the second
};

struct Wave {
    WaveShape shape = WaveShape::SawTooth;
    double low = 0;
    double high = 1;
    std::chrono::milliseconds period{60'000};

    /// In [low, high], exactly periodic however long it runs.
    [[nodiscard]] double at(std::chrono::milliseconds elapsed) const noexcept;
};

}  // namespace tagwire::source::simulator
