#include "model/deadband.h"

#include <limits>

#include <gtest/gtest.h>

namespace tagwire {
namespace {

DataValue value(double number, std::uint32_t status = 0, std::int64_t millis = 0) {
    return {Value(number), StatusCode{status}, fromUnixMillis(millis), {}};
}

constexpr EURange kRange{0, 200};

TEST(Deadband, WithoutOneEveryOtherValuePasses) {
    const Deadband none;
    EXPECT_TRUE(none.passes(value(1), value(1.0001), nullptr));
    EXPECT_FALSE(none.passes(value(1), value(1, 0, 5), nullptr)) << "a new time alone is no change";
}

TEST(Deadband, AbsoluteIsInclusive) {
    const Deadband absolute{Deadband::Kind::Absolute, 0.5};
    EXPECT_FALSE(absolute.passes(value(10), value(10.5), nullptr));
    EXPECT_TRUE(absolute.passes(value(10), value(10.6), nullptr));
    EXPECT_TRUE(absolute.passes(value(10), value(9.4), nullptr));
}

TEST(Deadband, PercentIsOfTheRange) {
    const Deadband percent{Deadband::Kind::Percent, 1};
    EXPECT_FALSE(percent.passes(value(10), value(12), &kRange));
    EXPECT_TRUE(percent.passes(value(10), value(12.1), &kRange));
    EXPECT_TRUE(percent.passes(value(10), value(10.1), nullptr)) << "no range, nothing held back";
}

TEST(Deadband, StatusAlwaysPasses) {
    const Deadband wide{Deadband::Kind::Absolute, 1000};
    EXPECT_TRUE(wide.passes(value(1), value(1, 0x80310000), nullptr));
    const Deadband statusOnly{.trigger = DataChangeTrigger::Status};
    EXPECT_FALSE(statusOnly.passes(value(1), value(2), nullptr));
    EXPECT_TRUE(statusOnly.passes(value(1), value(2, 0x40000000), nullptr));
}

TEST(Deadband, TimestampTriggerPassesANewTime) {
    const Deadband all{.trigger = DataChangeTrigger::StatusValueTimestamp};
    EXPECT_TRUE(all.passes(value(1), value(1, 0, 5), nullptr));
    EXPECT_FALSE(all.passes(value(1, 0, 5), value(1, 0, 5), nullptr));
}

TEST(Deadband, WhatIsNoFiniteNumberPassesWhenItDiffers) {
    const Deadband absolute{Deadband::Kind::Absolute, 1000};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(absolute.passes(value(1), value(nan), nullptr));
    EXPECT_FALSE(absolute.passes(value(nan), value(nan), nullptr));
    EXPECT_TRUE(absolute.passes(value(nan), value(1), nullptr));
    const DataValue text{Value("a"), {}, {}, {}};
    const DataValue other{Value("b"), {}, {}, {}};
    EXPECT_TRUE(absolute.passes(text, other, nullptr));
    EXPECT_TRUE(absolute.passes(value(1), DataValue{Value(std::int32_t{1}), {}, {}, {}}, nullptr))
        << "another type";
}

}  // namespace
}  // namespace tagwire
