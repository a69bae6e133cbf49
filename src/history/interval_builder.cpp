#include "history/interval_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tagwire::history {

IntervalBuilder::IntervalBuilder(Timestamp from, Timestamp to, std::size_t count, Timestamp now, bool holding)
    : from_(from), to_(to), count_(count), now_(now), holding_(holding), start_(from), end_(startOf(1)) {}

/// Closes intervals until `time` lies in the current one.
void IntervalBuilder::moveTo(Timestamp time) {
    while (time >= end_ && index_ + 1 < count_) {
        close();
        std::size_t next = index_ + 1;
        if (!holding_ && time >= startOf(next + 1)) {
            // Nothing in between: go there at once.
            const auto share =
                static_cast<double>((time - from_).count()) / static_cast<double>((to_ - from_).count());
            next =
                std::clamp(static_cast<std::size_t>(share * static_cast<double>(count_)), next, count_ - 1);
            while (next > index_ + 1 && startOf(next) > time) --next;
        }
        index_ = next;
        start_ = startOf(next);
        end_ = startOf(next + 1);
        atStart_ = held_;
    }
}

void IntervalBuilder::add(std::span<const NumberSample> samples) {
    while (!samples.empty()) {
        moveTo(samples.front().time);
        if (current_.samples() == 0 && index_ == 0) atStart_ = held_;
        const auto next = std::ranges::lower_bound(samples, end_, {}, &NumberSample::time);
        const std::span part(samples.begin(), next);
        current_.add(part);
        held_ = part.back();
        samples = samples.subspan(part.size());
    }
}

void IntervalBuilder::addText(const HistorySample& sample) {
    moveTo(sample.value.sourceTime);
    text_ = sample;
}

bool IntervalBuilder::takesWhole(const Summary& summary) {
    moveTo(summary.first);
    return summary.first >= start_ && summary.last < end_;
}

void IntervalBuilder::add(const Summary& summary) {
    if (current_.samples() == 0 && index_ == 0) atStart_ = held_;
    current_.add(summary);
    held_ = {.time = summary.last, .number = summary.held, .status = summary.heldStatus};
}

void IntervalBuilder::close() {
    Summary summary = std::exchange(current_, Summary{});
    if (text_) texts_.push_back(*std::exchange(text_, std::nullopt));
    const bool empty = summary.samples() == 0;
    if (empty && index_ == 0) atStart_ = held_;
    const bool holds = !std::isnan(atStart_.number);
    if (empty && (!holding_ || !holds || start_ >= now_)) return;

    const Timestamp end = std::clamp(now_, start_, end_);
    HistoryInterval interval;
    interval.start = start_;
    interval.count = summary.count;
    interval.withoutNumber = summary.withoutNumber;
    double integral = 0;
    if (!empty) {
        summary.holdUntil(end);
        integral = summary.integral;
        interval.known = summary.known;
    }
    if (holds) {
        const Ticks before = (empty ? end : summary.first) - start_;
        integral += atStart_.number * static_cast<double>(before.count());
        interval.known += before;
    }
    interval.worst = empty ? atStart_.status : summary.worst;
    if (interval.known > Ticks{0}) {
        interval.average = integral / static_cast<double>(interval.known.count());
    } else if (summary.count > 0) {
        interval.average = summary.lastNumber;  // just arrived
    }
    if (summary.count > 0) {
        interval.first = summary.firstNumber;
        interval.minimum = summary.minimum;
        interval.maximum = summary.maximum;
        interval.last = summary.lastNumber;
        interval.firstTime = summary.firstTime;
        interval.minimumTime = summary.minimumTime;
        interval.maximumTime = summary.maximumTime;
        interval.lastTime = summary.lastTime;
        interval.endsWithoutNumber = std::isnan(summary.held);
    } else {
        interval.endsWithoutNumber = !empty;
    }
    intervals_.push_back(interval);
}

void IntervalBuilder::finish(HistorySeries& series) {
    if (holding_) moveTo(std::min(now_, to_) - Ticks{1});
    close();
    series.intervals = std::move(intervals_);
    series.samples = std::move(texts_);
    series.thinned = !series.samples.empty();
}

}  // namespace tagwire::history
