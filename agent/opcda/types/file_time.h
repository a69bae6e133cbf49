/// Times of Windows and of Automation as Tagwire's.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace tagwire::da {

/// FILETIME: 100 ns since 1601-01-01. None for 0, by which servers say that they know no time, and for what
/// is after the year 9999.
[[nodiscard]] std::optional<Timestamp> timeOfFileTime(std::uint64_t fileTime) noexcept;
/// 0 for times before 1601.
[[nodiscard]] std::uint64_t fileTimeOf(Timestamp time) noexcept;

/// DATE: days since 1899-12-30; the fraction is the time of day, also of negative numbers. To the
/// millisecond. None outside the years 100 to 9999, which Automation defines.
[[nodiscard]] std::optional<Timestamp> timeOfDate(double date) noexcept;
[[nodiscard]] double dateOf(Timestamp time) noexcept;

}  // namespace tagwire::da
