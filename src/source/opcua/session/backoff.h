/// How long to wait before the next attempt to connect.
/// Thread: the source's. Lifetime: member of the session.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace tagwire::source::opcua {

class Backoff {
public:
    /// Why the last attempt failed.
    enum class Cause : std::uint8_t {
        /// The server or the way to it is away. Trying is cheap, and people wait for it to come back: the
        /// wait grows
        /// to 4 times the shortest only.
        Unreachable,
        /// The server is there and does not want us. The wait grows to the longest.
        Refused,
    };

    Backoff(std::chrono::milliseconds shortest, std::chrono::milliseconds longest, std::uint64_t seed);

    /// Doubles with each call and is spread evenly over [half, whole], so that many clients of a restarted
    /// server do not come at once. Never below the shortest, never above the longest.
    [[nodiscard]] std::chrono::milliseconds next(Cause cause);

    /// The connection was of use: the next wait is short again.
    void reset() noexcept { failures_ = 0; }

private:
    std::chrono::milliseconds shortest_;
    std::chrono::milliseconds longest_;
    std::uint32_t failures_ = 0;
    std::mt19937_64 random_;
};

}  // namespace tagwire::source::opcua
