/// Options of what is read from the history of one OPC UA server: the table [opcua.history].
/// Thread: any. Lifetime: value type.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/option.h"

namespace tagwire::source::opcua {

struct HistoryOptions {
    bool fillGaps = true;
    std::chrono::milliseconds longestGap = std::chrono::hours(24);
    std::uint32_t valuesPerTag = 10'000;
    std::chrono::milliseconds longestWait{10'000};

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = HistoryOptions;
        v.field(&Self::fillGaps,
                {.key = "fill_gaps",
                 .text = "After an outage, read what changed meanwhile from the server's history, for tags "
                         "whose nodes have one that may be read (HistoryRead). The values come in time "
                         "order, before those that are live; what stays missing is marked by the overflow "
                         "bit."});
        v.field(&Self::longestGap, {.key = "longest_gap_ms",
                                    .text = "How far back an outage is filled; what is older stays missing.",
                                    .unit = "ms",
                                    .min = 1000,
                                    .max = 31.0 * 86'400'000});
        v.field(&Self::valuesPerTag, {.key = "values_per_tag",
                                      .text = "Values read of one tag and outage at most, the oldest first.",
                                      .min = 1,
                                      .max = 1'000'000});
        v.field(&Self::longestWait,
                {.key = "longest_wait_ms",
                 .text = "How long live values wait for the history at most. What has not come by then stays "
                         "missing.",
                 .unit = "ms",
                 .min = 100,
                 .max = 600'000});
    }
};

}  // namespace tagwire::source::opcua
