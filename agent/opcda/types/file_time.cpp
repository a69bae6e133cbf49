#include "types/file_time.h"

#include <cmath>

namespace tagwire::da {
namespace {

constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;  // as FILETIME
constexpr std::uint64_t kYear10000 = 2'650'467'744'000'000'000U;
constexpr double kUnixEpochDate = 25'569;
constexpr double kFirstDate = -657'434;  // 0100-01-01
constexpr double kAfterLastDate = 2'958'466;
constexpr double kMillisPerDay = 86'400'000;

}  // namespace

std::optional<Timestamp> timeOfFileTime(std::uint64_t fileTime) noexcept {
    if (fileTime == 0 || fileTime >= kYear10000) return std::nullopt;
    return Timestamp(Ticks(static_cast<std::int64_t>(fileTime) - kUnixEpoch));
}

std::uint64_t fileTimeOf(Timestamp time) noexcept {
    const auto ticks = ticksOf(time);
    if (ticks < -kUnixEpoch) return 0;
    return static_cast<std::uint64_t>(ticks) + static_cast<std::uint64_t>(kUnixEpoch);
}

std::optional<Timestamp> timeOfDate(double date) noexcept {
    // The fraction counts upwards: the first day is from -657434.0 to -657434.99….
    if (!(date > kFirstDate - 1 && date < kAfterLastDate)) return std::nullopt;
    const double day = std::trunc(date);
    const double millis =
        std::round((day - kUnixEpochDate) * kMillisPerDay + std::abs(date - day) * kMillisPerDay);
    return fromUnixMillis(static_cast<std::int64_t>(millis));
}

double dateOf(Timestamp time) noexcept {
    const double days = static_cast<double>(toUnixMillis(time)) / kMillisPerDay + kUnixEpochDate;
    const double day = std::floor(days);
    return day < 0 ? day - (days - day) : days;
}

}  // namespace tagwire::da
