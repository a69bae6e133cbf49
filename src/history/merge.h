/// Samples of one tag from several places as one sequence.
/// Thread: any. Lifetime: functions.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "model/history_query.h"

namespace tagwire::history {

/// In time order, what has the same time in the order it came; what came twice with the same time, value and
/// status stays once.
inline void sortSamples(std::vector<HistorySample>& samples) {
    const auto earlier = [](const HistorySample& a, const HistorySample& b) {
        return a.value.sourceTime < b.value.sourceTime;
    };
    const auto same = [](const HistorySample& a, const HistorySample& b) {
        return a.value.sourceTime == b.value.sourceTime && a.value.status == b.value.status &&
               a.value.value == b.value.value;
    };
    if (!std::ranges::is_sorted(samples, earlier)) {
        // Not by std::stable_sort: clang refuses the temporary buffer that libstdc++ 12 takes for it.
        std::vector<std::pair<Timestamp, std::size_t>> order;
        order.reserve(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) order.emplace_back(samples[i].value.sourceTime, i);
        std::ranges::sort(order);
        std::vector<HistorySample> sorted;
        sorted.reserve(samples.size());
        for (const auto& [time, i] : order) sorted.push_back(std::move(samples[i]));
        samples = std::move(sorted);
    }
    const auto doubled = std::ranges::unique(samples, same);
    samples.erase(doubled.begin(), doubled.end());
}

}  // namespace tagwire::history
