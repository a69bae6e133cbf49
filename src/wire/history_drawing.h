/// What a chart draws of intervals: the samples that were their first, lowest, highest and last.
/// Thread: any. Lifetime: function.
#pragma once

#include <vector>

#include "model/history_query.h"

namespace tagwire::wire {

/// Samples of a series of form Drawing in time order, with values of `type`. An interval with a sample that
/// has no number also gives a sample without a value, where the line breaks; its status is the worst of the
/// interval. Numbers have the worst status of their interval unless that is Bad. Where no more than numbers
/// were kept (`thinned`), the other values stand between them.
[[nodiscard]] std::vector<HistorySample> drawingSamples(const HistorySeries& series, BuiltInType type);

}  // namespace tagwire::wire
