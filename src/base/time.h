/// Wall-clock time of values: 100 ns ticks since 1970-01-01T00:00:00Z, the resolution of OPC UA's DateTime
/// (OPC 10000-6, 5.2.2.5). A signed 64-bit count covers the years 1601 to 9999 that servers send.
/// Thread: any. Lifetime: value types.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace tagwire {

using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
using Timestamp = std::chrono::sys_time<Ticks>;

/// Intervals, deadlines and ages inside the process: never affected by clock jumps.
using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

/// Ticks since 1970.
[[nodiscard]] constexpr std::int64_t ticksOf(Timestamp time) noexcept {
    return time.time_since_epoch().count();
}

[[nodiscard]] inline Timestamp wallClockNow() noexcept {
    return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now());
}

/// Milliseconds since 1970, rounded down, as the protocol sends them.
[[nodiscard]] constexpr std::int64_t toUnixMillis(Timestamp time) noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] constexpr Timestamp fromUnixMillis(std::int64_t millis) noexcept {
    return Timestamp{std::chrono::duration_cast<Ticks>(std::chrono::milliseconds{millis})};
}

}  // namespace tagwire
