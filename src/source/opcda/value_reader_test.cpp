#include "source/opcda/value_reader.h"

#include <cmath>
#include <limits>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "model/value_json.h"

namespace tagwire::source::opcda {
namespace {

std::optional<Value> read(std::string_view json, BuiltInType type, bool array = false) {
    return readValue(boost::json::parse(json), {.type = type, .array = array});
}

TEST(ReadValue, ReadsBackWhatIsWritten) {
    for (const Value& value :
         {Value(true), Value(std::int8_t{-128}), Value(std::uint8_t{255}), Value(std::int16_t{-3}),
          Value(std::uint16_t{65535}), Value(std::numeric_limits<std::int32_t>::min()),
          Value(std::uint32_t{4294967295}), Value(std::numeric_limits<std::int64_t>::min()),
          Value(std::numeric_limits<std::uint64_t>::max()), Value(0.1F), Value(-2.5), Value(1e300),
          Value(std::nan("")), Value(-std::numeric_limits<double>::infinity()), Value("温度"),
          Value(fromUnixMillis(1'795'435'200'123))}) {
        std::string json;
        appendValue(json, value);
        const auto back = read(json, value.type());
        ASSERT_TRUE(back) << json;
        EXPECT_EQ(*back, value) << json;
    }
}

TEST(ReadValue, RefusesWhatIsNotOfTheType) {
    EXPECT_FALSE(read("128", BuiltInType::SByte));
    EXPECT_FALSE(read("-1", BuiltInType::UInt64));
    EXPECT_FALSE(read("1.5", BuiltInType::Int32));
    EXPECT_FALSE(read("\"5\"", BuiltInType::Int32)) << "only 64-bit integers come as text";
    EXPECT_FALSE(read("\"5x\"", BuiltInType::Int64));
    EXPECT_FALSE(read("1e39", BuiltInType::Float));
    EXPECT_FALSE(read("\"nan\"", BuiltInType::Double));
    EXPECT_FALSE(read("1", BuiltInType::Boolean));
    EXPECT_FALSE(read("5", BuiltInType::String));
    EXPECT_FALSE(read("253402300800000", BuiltInType::DateTime)) << "the year 10000";
    EXPECT_FALSE(read("[1]", BuiltInType::Int32));
    EXPECT_FALSE(read("1", BuiltInType::Int32, true));
    EXPECT_FALSE(read("[1,\"x\"]", BuiltInType::Int32, true));
    EXPECT_FALSE(read("1", BuiltInType::Guid));
}

TEST(ReadValue, TakesNullAndArrays) {
    EXPECT_TRUE(read("null", BuiltInType::Double)->isNull());
    EXPECT_TRUE(read("null", BuiltInType::Null)->isNull());
    const auto reals = read("[1,2.5,\"NaN\"]", BuiltInType::Double, true);
    ASSERT_TRUE(reals);
    EXPECT_EQ(reals->type(), BuiltInType::Double);
    EXPECT_EQ(std::get<std::vector<double>>(reals->getIf<Array>()->elements).at(1), 2.5);
    EXPECT_EQ(read("[]", BuiltInType::Boolean, true)->getIf<Array>()->size(), 0U);
    const auto mixed = read("[1,\"a\",true,null,0.5]", BuiltInType::Variant, true);
    ASSERT_TRUE(mixed);
    EXPECT_EQ(std::get<std::vector<Value>>(mixed->getIf<Array>()->elements).at(1), Value("a"));
}

}  // namespace
}  // namespace tagwire::source::opcda
