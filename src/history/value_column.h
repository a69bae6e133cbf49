/// The values of a chunk: as one column where all are numbers of one type, else one by one (FORMAT.md,
/// "Chunks"). Thread: any. Lifetime: functions and value types.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "history/bytes.h"
#include "history/number.h"
#include "history/value_codec.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Samples [begin, end) have values of one kind.
struct KindRun {
    std::size_t begin;
    std::size_t end;
    ValueKind kind;
};

/// What the values of a chunk are.
struct Kinds {
    std::vector<KindRun> runs;
    ValueKind common = 0;    ///< of all that are not Null, in a column
    std::size_t values = 0;  ///< that are not Null
};

/// Without their kinds.
void writeValues(ByteWriter& out, std::span<const HistorySample> samples);

/// The runs of kinds of `count` samples; `in.ok()` turns false where there are none, as for all below.
[[nodiscard]] Kinds readKinds(ByteReader& in, std::size_t count);

/// Sets the values of the samples.
void readValues(ByteReader& in, const Kinds& kinds, std::span<HistorySample> samples);

/// Sets the numbers of the samples, whose statuses are there already. A column that has no numbers is not
/// read; nothing after it can be read then.
void readNumberValues(ByteReader& in, const Kinds& kinds, std::span<NumberSample> samples);

}  // namespace tagwire::history
