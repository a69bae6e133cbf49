/// Answers about the past as a table for spreadsheets (RFC 4180).
/// Thread: any. Lifetime: functions; append to `out`.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "wire/history_answers.h"

namespace tagwire::wire {

/// A series and how its values read.
struct TypedSeries {
    HistorySeries series;
    SeriesType type;
    std::string unit;  ///< symbol of the engineering unit; may be empty
};

/// UTF-8 with a byte order mark, times in ISO 8601, one line a sample (Raw, Drawing) or interval
/// (Aggregates). The value that held at the beginning, `before`, is the first line of its tag. Texts that a
/// spreadsheet would take for a formula get an apostrophe in front. False: longer than `bytes`, and `out` not
/// complete.
[[nodiscard]] bool appendHistoryCsv(std::string& out, std::span<const TypedSeries> series,
                                    tagwire::HistoryForm form, std::size_t bytes);

}  // namespace tagwire::wire
