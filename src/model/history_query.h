/// Questions to the history and their answers.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "model/tag_path.h"

namespace tagwire {

/// How a sample came into the history.
enum class SampleOrigin : std::uint8_t {
    Live = 0,      ///< as it happened
    Backfill = 1,  ///< later than samples that arose after it, such as from a server's own history
    Imported = 2,  ///< from a file
};

/// One recorded change of a tag; its time is `value.sourceTime`.
///
/// What is known holds until the next sample. Where the record ends for another reason (the program stopped,
/// changes were lost) a sample with a Null value and a Bad status says so, as in OPC UA (OPC 10000-11, 6.3):
/// BadShutdown, BadDataLost. A change that brought only a new status, or that confirmed a value known before,
/// keeps the source time of the value when it is live; its time in the history is the server time, when that
/// became known.
struct HistorySample {
    DataValue value;
    SampleOrigin origin = SampleOrigin::Live;

    friend bool operator==(const HistorySample&, const HistorySample&) = default;
};

enum class HistoryForm : std::uint8_t {
    /// Every sample, in pages.
    Raw,
    /// What a line needs that is `intervals` pixels wide: only intervals with samples.
    Drawing,
    /// What a report needs: every interval in which something is known, also where a value only holds.
    Aggregates,
    /// Values at the beginning of each interval, interpolated between samples.
    Interpolated,
};

/// What one query may ask for; more is answered with BadInvalidArgument.
inline constexpr std::size_t kMaxHistoryTags = 1000;
inline constexpr std::size_t kMaxHistoryPage = 100'000;
/// Of all tags together.
inline constexpr std::size_t kMaxHistoryIntervals = 1'000'000;

struct HistoryQuery {
    std::vector<TagPath> tags;
    /// [from, to) by source time.
    Timestamp from;
    Timestamp to;
    HistoryForm form = HistoryForm::Raw;
    /// All but Raw: into how many equal parts [from, to) is divided.
    std::size_t intervals = 0;
    /// Raw: samples of one page, over all tags.
    std::size_t limit = 0;
    /// Raw: HistoryAnswer::more of the page before; empty for the first.
    std::string cursor{};
    /// Interpolated: which of the tags have states rather than amounts, so that also numbers hold until the
    /// next sample; empty where that is said of none.
    std::vector<bool> stepped{};
};

/// What happened within a part of the time. Numbers are those of samples that are not Bad and whose value is
/// a finite number (booleans 0 and 1); NaN where there is none.
struct HistoryInterval {
    Timestamp start;
    /// Samples with a number.
    std::uint64_t count = 0;
    /// Samples without one: Bad, Null, NaN, infinite, or no number by their type.
    std::uint64_t withoutNumber = 0;
    double first = std::numeric_limits<double>::quiet_NaN();
    double minimum = std::numeric_limits<double>::quiet_NaN();
    double maximum = std::numeric_limits<double>::quiet_NaN();
    double last = std::numeric_limits<double>::quiet_NaN();
    /// Time-weighted, each number held until the next sample (OPC 10000-13, TimeAverage2 with stepped
    /// interpolation), over `known`.
    double average = std::numeric_limits<double>::quiet_NaN();
    /// How long a number was known within the interval; an interval that is not over yet counts to now.
    Ticks known{0};
    Timestamp firstTime;
    Timestamp minimumTime;
    Timestamp maximumTime;
    Timestamp lastTime;
    /// The first with the highest severity among the samples; without samples, of the one that holds.
    StatusCode worst;
    /// The last sample of the interval has no number: the line breaks after `last`.
    bool endsWithoutNumber = false;
};

struct HistorySeries {
    TagPath tag;
    /// Whether the history has anything of this tag.
    bool known = false;
    /// Drawing, Aggregates: not all samples have numbers. `samples` then holds the last sample of each
    /// interval that has a value and no number (texts, structures, arrays).
    bool thinned = false;
    /// The last known before `from`; with Raw only in the page where the tag begins, with Interpolated never.
    std::optional<HistorySample> before{};
    /// In time order; what has the same time, in the order of arrival.
    std::vector<HistorySample> samples{};
    std::vector<HistoryInterval> intervals{};
};

struct HistoryAnswer {
    /// One for each tag asked for, in that order. Raw: pages go tag by tag; a page has
    /// those tags it reached.
    std::vector<HistorySeries> series;
    /// HistoryQuery::cursor of the next page, with everything else the same; empty at the end.
    std::string more;
};

}  // namespace tagwire
