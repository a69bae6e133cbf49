/// A time in equal parts.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace tagwire::history {

/// [from, to) in `count` parts, which differ by one tick at most. from < to, and not more than some centuries
/// between them.
struct Division {
    Timestamp from;
    Timestamp to;
    std::size_t count = 1;

    [[nodiscard]] Timestamp startOf(std::size_t index) const noexcept {
        if (index >= count) return to;
        const auto span = (to - from).count();
        const auto parts = static_cast<std::int64_t>(count);
        const auto at = static_cast<std::int64_t>(index);
        return from + Ticks{span / parts * at + span % parts * at / parts};
    }
};

}  // namespace tagwire::history
