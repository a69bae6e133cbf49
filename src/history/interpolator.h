/// Values at times between the samples, as the aggregate Interpolative has them (OPC 10000-13, 5.4.3.4): on
/// the straight line between the usable samples around, or, for what has states rather than amounts, the one
/// before. Thread: any, one at a time. Lifetime: for one series of one query.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "history/division.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Whether there is something to reckon with: not Bad, not Null, no number that is none.
[[nodiscard]] bool isUsable(const HistorySample& sample) noexcept;

class Interpolator {
public:
    /// At the beginning of each part. `stepped`: also numbers hold until the next sample.
    Interpolator(Division times, bool stepped) : times_(times), stepped_(stepped) {}

    /// In time order, from the last usable one before the first time on.
    void add(const HistorySample& sample);
    /// Further samples change nothing.
    [[nodiscard]] bool done() const noexcept { return next_ == times_.count; }
    /// A sample after the last time would change the last values.
    [[nodiscard]] bool wantsNext() const noexcept { return !done() && left_ && slopes(*left_); }

    /// There are no further samples; nothing is known of the time after `now`. Samples with the times asked
    /// for, which have the info bit Interpolated where they were not recorded themselves.
    [[nodiscard]] std::vector<HistorySample> finish(Timestamp now);

private:
    [[nodiscard]] bool slopes(const HistorySample& sample) const noexcept;
    void emit(Timestamp time, const HistorySample* right);
    void emitUntil(Timestamp time, const HistorySample* right);

    const Division times_;
    const bool stepped_;
    std::size_t next_ = 0;
    std::optional<HistorySample> left_;  ///< the last usable one
    bool broken_ = false;                ///< something unusable came after it
    std::vector<HistorySample> values_;
};

}  // namespace tagwire::history
