/// Answers about the past: parts of a series for hist frames and for `/api/v1/history`.
/// Thread: any. Lifetime: functions append to `out`; an encoder lives until its series is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "model/history_query.h"
#include "wire/frames.h"
#include "wire/ids.h"

namespace tagwire::wire {

/// How the values of a series read.
struct SeriesType {
    BuiltInType type = BuiltInType::Null;
    std::vector<std::uint32_t> dimensions{};  ///< as TagInfo's
};

/// That of the last sample with a value; numbers of intervals are reals.
[[nodiscard]] SeriesType typeOfSamples(const HistorySeries& series);

/// `raw` for Raw, `minmax` for Drawing, the others by their names.
[[nodiscard]] tagwire::HistoryForm historyForm(HistForm form) noexcept;
[[nodiscard]] HistForm histForm(tagwire::HistoryForm form) noexcept;

/// Writes one series as members of HistorySeries (schema), at once or in parts.
class SeriesEncoder {
public:
    /// Times are counted from `base`.
    SeriesEncoder(HistorySeries series, SeriesType type, tagwire::HistoryForm form, Timestamp base);

    /// The next samples or intervals until they are `bytes` long, at least one where there are some.
    void write(ObjectWriter& object, std::size_t bytes);
    [[nodiscard]] bool done() const noexcept;

private:
    void writeSamples(std::string& out, std::size_t bytes);
    void writeIntervals(std::string& out, std::size_t bytes);

    HistorySeries series_;
    SeriesType type_;
    tagwire::HistoryForm form_;
    Timestamp base_;
    std::size_t next_ = 0;
};

/// A hist frame with the next part of a series.
void appendHistPart(std::string& out, RequestId id, SeriesEncoder& series, std::size_t bytes);

/// The ok that completes the answer; `next` empty: there is no further page.
void appendHistDone(std::string& out, RequestId id, std::span<const BadTag> bad, std::string_view next);

struct HistoryHead {
    Timestamp from;
    Timestamp to;
    tagwire::HistoryForm form = tagwire::HistoryForm::Raw;
    std::span<const BadTag> bad;
    std::string_view next;  ///< empty: there is no further page
};
/// The body of `/api/v1/history`. False: it is longer than `bytes`, and `out` not complete.
[[nodiscard]] bool appendHistoryAnswer(std::string& out, const HistoryHead& head,
                                       std::span<SeriesEncoder> series, std::size_t bytes);

}  // namespace tagwire::wire
