#include "model/value.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "model/data_value.h"

namespace tagwire {
namespace {

TEST(Value, IsSmall) {
    EXPECT_EQ(sizeof(Value), 16U);
    EXPECT_LE(sizeof(DataValue), 40U);
}

TEST(Value, KnowsItsType) {
    EXPECT_EQ(Value().type(), BuiltInType::Null);
    EXPECT_EQ(Value(true).type(), BuiltInType::Boolean);
    EXPECT_EQ(Value(std::int8_t{1}).type(), BuiltInType::SByte);
    EXPECT_EQ(Value(std::uint8_t{1}).type(), BuiltInType::Byte);
    EXPECT_EQ(Value(std::int64_t{1}).type(), BuiltInType::Int64);
    EXPECT_EQ(Value(1.0F).type(), BuiltInType::Float);
    EXPECT_EQ(Value(1.0).type(), BuiltInType::Double);
    EXPECT_EQ(Value(Timestamp{}).type(), BuiltInType::DateTime);
    EXPECT_EQ(Value(StatusCode{1}).type(), BuiltInType::StatusCode);
    EXPECT_EQ(Value("text").type(), BuiltInType::String);
    EXPECT_EQ(Value(Guid{}).type(), BuiltInType::Guid);
    EXPECT_EQ(Value(ByteString{"x"}).type(), BuiltInType::ByteString);
    EXPECT_EQ(Value(Structure{"{}", ""}).type(), BuiltInType::ExtensionObject);
    EXPECT_EQ(Value(DataValue{Value(1.0), {}, {}, {}}).type(), BuiltInType::DataValue);
    const Value array(Array{BuiltInType::Double, std::vector<double>{1, 2}, {}});
    EXPECT_TRUE(array.isArray());
    EXPECT_EQ(array.type(), BuiltInType::Double);
    EXPECT_FALSE(Value(1.0).isArray());
}

TEST(Value, GivesOnlyWhatItHolds) {
    const Value number(std::int32_t{7});
    ASSERT_NE(number.getIf<std::int32_t>(), nullptr);
    EXPECT_EQ(*number.getIf<std::int32_t>(), 7);
    EXPECT_EQ(number.getIf<double>(), nullptr);
    EXPECT_EQ(number.getIf<std::string>(), nullptr);
    const Value nested(DataValue{Value("inner"), StatusCode{0x80000000}, {}, {}});
    ASSERT_NE(nested.getIf<DataValue>(), nullptr);
    EXPECT_EQ(*nested.getIf<DataValue>()->value.getIf<std::string>(), "inner");
}

TEST(Value, EqualityIsOfTypeAndContent) {
    EXPECT_EQ(Value("a"), Value("a"));
    EXPECT_NE(Value("a"), Value("b"));
    EXPECT_NE(Value(std::int32_t{1}), Value(std::uint32_t{1}));
    EXPECT_EQ(Value(DataValue{Value(1.0), {}, {}, {}}), Value(DataValue{Value(1.0), {}, {}, {}}));
    EXPECT_NE(Value(Array{BuiltInType::Double, std::vector<double>{1, 2}, {}}),
              Value(Array{BuiltInType::Double, std::vector<double>{1, 2}, {1, 2}}));
}

TEST(Value, ASensorThatStaysNaNHasNotChanged) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(Value(nan), Value(nan));
    EXPECT_NE(Value(nan), Value(0.0));
    EXPECT_EQ(Value(Array{BuiltInType::Double, std::vector<double>{nan}, {}}),
              Value(Array{BuiltInType::Double, std::vector<double>{nan}, {}}));
}

TEST(Value, AsNumber) {
    EXPECT_EQ(Value(true).toDouble(), 1);
    EXPECT_EQ(Value(std::uint64_t{1} << 60U).toDouble(), std::exp2(60));
    EXPECT_EQ(Value(fromUnixMillis(1500)).toDouble(), 1500);
    EXPECT_TRUE(std::isnan(Value("5").toDouble()));
    EXPECT_TRUE(std::isnan(Value().toDouble()));
}

TEST(Timestamp, CoversTheYearsServersSend) {
    const auto year1601 = Timestamp{Ticks{-116'444'736'000'000'000}};
    EXPECT_EQ(toUnixMillis(year1601), -11'644'473'600'000);
    EXPECT_EQ(toUnixMillis(fromUnixMillis(253'402'300'799'999)), 253'402'300'799'999);
    EXPECT_EQ(toUnixMillis(Timestamp{Ticks{-1}}), -1) << "rounds down, also before 1970";
}

}  // namespace
}  // namespace tagwire
