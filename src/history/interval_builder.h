/// Makes intervals of samples, for lines to draw and for reports.
/// Thread: any, one at a time. Lifetime: for one series of one query.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "history/division.h"
#include "history/number.h"
#include "history/summary.h"
#include "model/history_query.h"

namespace tagwire::history {

class IntervalBuilder {
public:
    /// Divides [from, to) into `count` parts; from < to, and not more than some centuries between them.
    /// Nothing is known of the time after `now`. With `holding` there are also intervals without samples,
    /// while a value holds.
    IntervalBuilder(Timestamp from, Timestamp to, std::size_t count, Timestamp now, bool holding);

    /// What holds when the time begins.
    void holdBefore(const NumberSample& sample) noexcept { held_ = sample; }

    /// Samples in time order, all in [from, to).
    void add(std::span<const NumberSample> samples);
    /// A value that is no number, beside its add(): the last of each interval is kept.
    void addText(const HistorySample& sample);
    /// Whether all of a summary's samples lie in one interval, so that it can be added as a whole.
    [[nodiscard]] bool takesWhole(const Summary& summary);
    void add(const Summary& summary);

    /// What held after the last sample; a sample without number when nothing is known.
    [[nodiscard]] const NumberSample& held() const noexcept { return held_; }

    /// Once, at the end.
    void finish(HistorySeries& series);

private:
    [[nodiscard]] Timestamp startOf(std::size_t index) const noexcept {
        return Division{from_, to_, count_}.startOf(index);
    }
    void moveTo(Timestamp time);
    void close();

    const Timestamp from_;
    const Timestamp to_;
    const std::size_t count_;
    const Timestamp now_;
    const bool holding_;

    std::size_t index_ = 0;
    Timestamp start_;
    Timestamp end_;
    NumberSample held_{.time = {}, .number = kNoNumber, .status = {}};
    /// What held at the beginning of the interval.
    NumberSample atStart_;
    Summary current_;
    std::optional<HistorySample> text_;
    std::vector<HistoryInterval> intervals_;
    std::vector<HistorySample> texts_;
};

}  // namespace tagwire::history
