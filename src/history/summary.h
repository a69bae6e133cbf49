/// What a run of samples comes to, so that a chunk that lies within one pixel need not be unpacked.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "history/bytes.h"
#include "history/number.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Samples are added in time order. Between two samples the first holds.
struct Summary {
    Timestamp first;
    Timestamp last;
    std::uint64_t count = 0;  ///< of numbers
    std::uint64_t withoutNumber = 0;
    std::uint64_t texts = 0;  ///< of those without number: values that are none by their type
    double firstNumber = kNoNumber;
    double minimum = kNoNumber;
    double maximum = kNoNumber;
    double lastNumber = kNoNumber;
    Timestamp firstTime;
    Timestamp minimumTime;
    Timestamp maximumTime;
    Timestamp lastTime;
    StatusCode worst;
    /// Numbers × how long they held, in ticks, and how long that was together.
    double integral = 0;
    Ticks known{0};
    /// What holds after the last sample; kNoNumber: nothing is known.
    double held = kNoNumber;
    StatusCode heldStatus;

    [[nodiscard]] std::uint64_t samples() const noexcept { return count + withoutNumber; }

    void add(const NumberSample& sample) noexcept;
    /// The same as one after the other, several times faster.
    void add(std::span<const NumberSample> samples) noexcept;
    /// Of samples that come after all of this one's.
    void add(const Summary& later) noexcept;
    /// The last sample holds until `time`, from where others may go on.
    void holdUntil(Timestamp time) noexcept;

private:
    std::size_t addRun(std::span<const NumberSample> rest) noexcept;
};

void writeSummary(ByteWriter& out, const Summary& summary);
/// `in.ok()` turns false where the bytes end early.
[[nodiscard]] Summary readSummary(ByteReader& in);

}  // namespace tagwire::history
