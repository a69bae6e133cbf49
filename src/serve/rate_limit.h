/// So many a second, a second's worth of them at once: the generic cell rate algorithm in one number.
/// Thread: any. Lifetime: value, not copied.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace tagwire::serve {

class RateLimit {
public:
    /// Takes one, if there is one: zero. Otherwise takes none and says how long to wait for one.
    [[nodiscard]] std::chrono::nanoseconds take(SteadyTime now, std::uint32_t perSecond) noexcept {
        const std::chrono::nanoseconds each = std::chrono::nanoseconds(std::chrono::seconds(1)) / perSecond;
        const std::chrono::nanoseconds time = now.time_since_epoch();
        auto full = full_.load(std::memory_order_relaxed);
        for (;;) {
            const auto next = std::max(std::chrono::nanoseconds(full), time) + each;
            const auto over = next - time - std::chrono::seconds(1);
            if (over > std::chrono::nanoseconds::zero()) return over;
            if (full_.compare_exchange_weak(full, next.count(), std::memory_order_relaxed)) return {};
        }
    }

    /// Whether nothing was taken within the last second.
    [[nodiscard]] bool idle(SteadyTime now) const noexcept {
        return std::chrono::nanoseconds(full_.load(std::memory_order_relaxed)) <= now.time_since_epoch();
    }

private:
    std::atomic<std::int64_t> full_{0};  ///< when everything may be taken again, in ns of the steady clock
};

}  // namespace tagwire::serve
