#include "control/value_range.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/desk_testing.h"

namespace tagwire::control {
namespace {

using testing::HasSubstr;

TEST(ValueRange, HoldsTheRange) {
    auto tag = tagOf("T", BuiltInType::Double);
    tag.range = EURange{-5, 100};
    tag.units = EngineeringUnits{.symbol = "°C", .description = {}};
    EXPECT_FALSE(outOfRange(Value(-5.0), tag));
    EXPECT_FALSE(outOfRange(Value(100.0), tag));
    EXPECT_EQ(outOfRange(Value(100.01), tag)->message,
              "100.01 lies beyond the tag's highest value of 100 °C");
    EXPECT_EQ(outOfRange(Value(-5.01), tag)->status, kBadOutOfRange);
}

TEST(ValueRange, HoldsTheOutermostLimitsOnly) {
    auto tag = tagOf("T", BuiltInType::Int32);
    tag.limits = {.lowLow = 10, .low = 20, .high = 80, .highHigh = 90};
    EXPECT_FALSE(outOfRange(Value(std::int32_t{15}), tag)) << "low is an alarm, but may be wanted";
    EXPECT_TRUE(outOfRange(Value(std::int32_t{9}), tag));
    EXPECT_THAT(outOfRange(Value(std::int32_t{91}), tag)->message, HasSubstr("limit HighHigh of 90"));
}

TEST(ValueRange, IsExactFor64Bits) {
    auto tag = tagOf("T", BuiltInType::Int64);
    tag.range = EURange{0, 9007199254740992.0};
    EXPECT_FALSE(outOfRange(Value(std::int64_t{9007199254740992}), tag));
    EXPECT_TRUE(outOfRange(Value(std::int64_t{9007199254740993}), tag));
}

TEST(ValueRange, TakesStatesThatHaveALabel) {
    auto tag = tagOf("T", BuiltInType::Int32);
    tag.enumLabels = {{0, "Manual"}, {1, "Auto"}};
    EXPECT_FALSE(outOfRange(Value(std::int32_t{1}), tag));
    EXPECT_EQ(outOfRange(Value(std::int32_t{2}), tag)->message,
              "2 is none of the tag's states: 0 (Manual), 1 (Auto)");
    tag.type = BuiltInType::UInt64;
    EXPECT_TRUE(outOfRange(Value(std::numeric_limits<std::uint64_t>::max()), tag));
    tag.type = BuiltInType::Boolean;
    EXPECT_FALSE(outOfRange(Value(true), tag));
}

TEST(ValueRange, HoldsEachElement) {
    auto tag = tagOf("T", BuiltInType::Float);
    tag.range = EURange{0, 10};
    const auto refusal = outOfRange(Value(Array{BuiltInType::Float, std::vector<float>{1, 11, 12}, {}}), tag);
    ASSERT_TRUE(refusal);
    EXPECT_THAT(refusal->message, HasSubstr("element 1: 11"));
}

TEST(ValueRange, LeavesTextsAlone) {
    auto tag = tagOf("T", BuiltInType::String);
    tag.range = EURange{0, 1};
    EXPECT_FALSE(outOfRange(Value("anything"), tag));
}

}  // namespace
}  // namespace tagwire::control
