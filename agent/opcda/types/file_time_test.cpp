#include "types/file_time.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace tagwire::da {
namespace {

TEST(FileTime, CountsFrom1601AndBack) {
    const auto epoch = timeOfFileTime(116'444'736'000'000'000);
    ASSERT_TRUE(epoch);
    EXPECT_EQ(*epoch, Timestamp{});
    EXPECT_EQ(timeOfFileTime(1), parseTime("1601-01-01").value() + Ticks(1));
    const auto now = parseTime("2026-11-26T04:35:00.1234567Z").value();
    EXPECT_EQ(timeOfFileTime(fileTimeOf(now)), now);
}

TEST(FileTime, OfNoKnownTimeIsNone) {
    EXPECT_FALSE(timeOfFileTime(0));
    EXPECT_FALSE(timeOfFileTime(~std::uint64_t{0}));
    EXPECT_FALSE(timeOfFileTime(fileTimeOf(parseTime("9999-12-31T23:59:59Z").value()) + 10'000'000));
    EXPECT_TRUE(timeOfFileTime(fileTimeOf(parseTime("9999-12-31T23:59:59Z").value())));
    EXPECT_EQ(fileTimeOf(Timestamp::min()), 0U);
}

TEST(Date, CountsDaysFromTheEndOf1899) {
    EXPECT_EQ(timeOfDate(0), parseTime("1899-12-30").value());
    EXPECT_EQ(timeOfDate(25'569.25), parseTime("1970-01-01T06:00").value());
    EXPECT_EQ(timeOfDate(-1.25), parseTime("1899-12-29T06:00").value()) << "the fraction counts upwards";
    for (const double date : {0.0, 1.5, -1.25, -3.0, 46'352.75})
        EXPECT_DOUBLE_EQ(dateOf(*timeOfDate(date)), date);
}

TEST(Date, OutsideItsYearsIsNone) {
    EXPECT_TRUE(timeOfDate(-657'434.5));
    EXPECT_FALSE(timeOfDate(-657'435));
    EXPECT_TRUE(timeOfDate(2'958'465.99));
    EXPECT_FALSE(timeOfDate(2'958'466));
    EXPECT_FALSE(timeOfDate(std::nan("")));
    EXPECT_FALSE(timeOfDate(1e300));
}

}  // namespace
}  // namespace tagwire::da
