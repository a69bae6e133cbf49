#include "source/opcua/services/gap_merger.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tagwire::source::opcua {
namespace {

/// What was lost has been found again. The type of the info bits goes too where nothing else is in them (OPC
/// 10000-4, 7.39.1).
StatusCode withoutOverflow(StatusCode status) noexcept {
    if (!status.hasOverflow()) return status;
    const bool alone = (status.code() & 0x03FFU) == 0x0080U;
    return StatusCode{status.code() & ~(alone ? 0x0480U : 0x0080U)};
}

/// By source time, values of one time in the order they came. Not by std::stable_sort: clang refuses the
/// temporary buffer that libstdc++ 12 takes for it.
std::vector<DataValue> sorted(std::vector<DataValue> values) {
    if (std::ranges::is_sorted(values, {}, &DataValue::sourceTime)) return values;
    std::vector<std::pair<Timestamp, std::size_t>> order;
    order.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) order.emplace_back(values[i].sourceTime, i);
    std::ranges::sort(order);
    std::vector<DataValue> result;
    result.reserve(values.size());
    for (const auto& [time, i] : order) result.push_back(std::move(values[i]));
    return result;
}

}  // namespace

void GapMerger::hold(DataValue live) {
    if (held_.size() < maxHeld_) {
        held_.push_back(std::move(live));
        return;
    }
    if (!held_.empty()) {
        std::swap(held_[oldest_], live);
        oldest_ = (oldest_ + 1) % held_.size();
    }
    ++dropped_;
    droppedUntil_ = std::max(droppedUntil_, live.sourceTime);
}

GapMerger::Merged GapMerger::finish(std::vector<DataValue> history, bool complete) {
    std::vector<DataValue> held = std::exchange(held_, {});
    std::ranges::rotate(held, held.begin() + static_cast<std::ptrdiff_t>(std::exchange(oldest_, 0)));
    held = sorted(std::move(held));
    // ServerTime differs when the same value was read again.
    const auto again = std::ranges::unique(held, [](const DataValue& a, const DataValue& b) {
        return a.sourceTime == b.sourceTime && a.value == b.value &&
               withoutOverflow(a.status) == withoutOverflow(b.status);
    });
    held.erase(again.begin(), again.end());
    history = sorted(std::move(history));

    // A history that reaches to the last dropped value has those before it as well.
    const bool regained =
        dropped_ == 0 || (complete && !history.empty() && history.back().sourceTime >= droppedUntil_);
    const Timestamp historyEnd = history.empty() ? last_ : std::max(last_, history.back().sourceTime);

    if (complete) {
        for (DataValue& value : held) {
            if (value.sourceTime <= historyEnd && !history.empty())
                value.status = withoutOverflow(value.status);
        }
    }
    std::erase_if(history, [&](const DataValue& value) {
        return value.sourceTime <= last_ ||
               std::ranges::binary_search(held, value.sourceTime, {}, &DataValue::sourceTime);
    });
    const auto twice = std::ranges::unique(history, {}, &DataValue::sourceTime);
    history.erase(twice.begin(), twice.end());

    Merged merged;
    merged.recovered = history.size();
    merged.lost = regained ? 0 : std::exchange(dropped_, 0);
    if (!complete || !regained) {
        // After what is known without a break: the history, and what was dropped.
        const Timestamp known = complete ? std::max(historyEnd, droppedUntil_) : historyEnd;
        const auto next = std::ranges::upper_bound(held, known, {}, &DataValue::sourceTime);
        if (next == held.end()) {
            merged.markNext = true;
        } else {
            next->status = next->status.withOverflow();
        }
    }
    dropped_ = 0;
    droppedUntil_ = Timestamp::min();
    std::vector<Timestamp> current;
    current.reserve(held.size());
    for (const DataValue& value : held) current.push_back(value.sourceTime);
    std::ranges::merge(std::make_move_iterator(history.begin()), std::make_move_iterator(history.end()),
                       std::make_move_iterator(held.begin()), std::make_move_iterator(held.end()),
                       std::back_inserter(merged.values),
                       [](const DataValue& a, const DataValue& b) { return a.sourceTime < b.sourceTime; });
    for (const DataValue& value : merged.values)
        merged.backfill.push_back(!std::ranges::binary_search(current, value.sourceTime));
    if (!merged.backfill.empty()) merged.backfill.back() = false;
    return merged;
}

}  // namespace tagwire::source::opcua
