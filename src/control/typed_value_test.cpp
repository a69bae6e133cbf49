#include "control/typed_value.h"

#include <limits>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "control/desk_testing.h"

namespace tagwire::control {
namespace {

struct Taken {
    BuiltInType type;
    const char* json;
    Value value;
};

TEST(TypedValue, TakesWhatFitsExactly) {
    using Limits64 = std::numeric_limits<std::int64_t>;
    const std::vector<Taken> all{
        {BuiltInType::Boolean, "true", Value(true)},
        {BuiltInType::SByte, "-128", Value(std::int8_t{-128})},
        {BuiltInType::Byte, "255", Value(std::uint8_t{255})},
        {BuiltInType::Int16, "-32768", Value(std::int16_t{-32768})},
        {BuiltInType::UInt16, "65535", Value(std::uint16_t{65535})},
        {BuiltInType::Int32, "55.0", Value(std::int32_t{55})},
        {BuiltInType::Int32, "1e3", Value(std::int32_t{1000})},
        {BuiltInType::UInt32, "4294967295", Value(std::uint32_t{4294967295U})},
        {BuiltInType::Int64, "9007199254740991", Value(std::int64_t{9007199254740991})},
        {BuiltInType::Int64, "\"9223372036854775807\"", Value(Limits64::max())},
        {BuiltInType::Int64, "\"-9223372036854775808\"", Value(Limits64::min())},
        {BuiltInType::Int64, "\"5\"", Value(std::int64_t{5})},
        {BuiltInType::UInt64, "\"9223372036854775808\"", Value(std::uint64_t{1} << 63U)},
        {BuiltInType::UInt64, "\"18446744073709551615\"", Value(std::numeric_limits<std::uint64_t>::max())},
        {BuiltInType::Float, "0.1", Value(0.1F)},
        {BuiltInType::Float, "16777216", Value(16777216.0F)},
        {BuiltInType::Double, "0.1", Value(0.1)},
        {BuiltInType::Double, "-5", Value(-5.0)},
        {BuiltInType::Double, "9007199254740992", Value(9007199254740992.0)},
        {BuiltInType::String, "\"\"", Value("")},
        {BuiltInType::DateTime, "1795404647367", Value(fromUnixMillis(1795404647367))},
        {BuiltInType::DateTime, "-11644473600000", Value(fromUnixMillis(-11644473600000))},
    };
    for (const auto& [type, json, value] : all) {
        const auto made = typedValue(boost::json::parse(json), tagOf("T", type));
        ASSERT_TRUE(made) << json << ": " << made.error().message;
        EXPECT_EQ(*made, value) << json;
    }
}

struct Rejected {
    BuiltInType type;
    const char* json;
    StatusCode status;
};

TEST(TypedValue, RefusesWhatWouldBeRoundedCutOrGuessed) {
    const std::vector<Rejected> all{
        {BuiltInType::Boolean, "1", kBadTypeMismatch},
        {BuiltInType::Boolean, "\"true\"", kBadTypeMismatch},
        {BuiltInType::Boolean, "null", kBadTypeMismatch},
        {BuiltInType::SByte, "128", kBadOutOfRange},
        {BuiltInType::SByte, "-129", kBadOutOfRange},
        {BuiltInType::Byte, "-1", kBadOutOfRange},
        {BuiltInType::Byte, "256", kBadOutOfRange},
        {BuiltInType::Int32, "5.5", kBadTypeMismatch},
        {BuiltInType::Int32, "\"5\"", kBadTypeMismatch},
        {BuiltInType::Int32, "1e300", kBadTypeMismatch},
        {BuiltInType::Int64, "9007199254740992", kBadTypeMismatch},
        {BuiltInType::Int64, "9007199254740993.0", kBadTypeMismatch},
        {BuiltInType::Int64, "\"9223372036854775808\"", kBadOutOfRange},
        {BuiltInType::Int64, "\"-9223372036854775809\"", kBadOutOfRange},
        {BuiltInType::Int64, "\"5.0\"", kBadTypeMismatch},
        {BuiltInType::Int64, "\" 5\"", kBadTypeMismatch},
        {BuiltInType::Int64, "\"\"", kBadTypeMismatch},
        {BuiltInType::UInt64, "\"-1\"", kBadOutOfRange},
        {BuiltInType::UInt64, "\"18446744073709551616\"", kBadTypeMismatch},
        {BuiltInType::UInt64, "18446744073709551615", kBadTypeMismatch},
        {BuiltInType::Float, "16777217", kBadTypeMismatch},
        {BuiltInType::Float, "1e39", kBadOutOfRange},
        {BuiltInType::Float, "\"NaN\"", kBadTypeMismatch},
        {BuiltInType::Double, "9007199254740993", kBadTypeMismatch},
        {BuiltInType::Double, "18446744073709551615", kBadTypeMismatch},
        {BuiltInType::Double, "\"Infinity\"", kBadTypeMismatch},
        {BuiltInType::Double, "\"5\"", kBadTypeMismatch},
        {BuiltInType::Double, "[5]", kBadTypeMismatch},
        {BuiltInType::String, "5", kBadTypeMismatch},
        {BuiltInType::String, "{}", kBadTypeMismatch},
        {BuiltInType::DateTime, "253402300800000", kBadOutOfRange},
        {BuiltInType::DateTime, "-11644473600001", kBadOutOfRange},
        {BuiltInType::DateTime, "\"2026-01-01\"", kBadTypeMismatch},
        {BuiltInType::Null, "5", kBadTypeMismatch},
        {BuiltInType::ExtensionObject, "{}", kBadNotSupported},
    };
    for (const auto& [type, json, status] : all) {
        const auto made = typedValue(boost::json::parse(json), tagOf("T", type));
        ASSERT_FALSE(made) << json;
        EXPECT_EQ(made.error().status, status) << json << ": " << made.error().message;
    }
}

TagInfo arrayTag(BuiltInType type, std::vector<std::uint32_t> dimensions) {
    auto tag = tagOf("T", type);
    tag.dimensions = std::move(dimensions);
    return tag;
}

TEST(TypedValue, TakesArraysOfTheTagsShape) {
    const auto numbers = typedValue(boost::json::parse("[1,2.5,3]"), arrayTag(BuiltInType::Double, {0}));
    EXPECT_EQ(numbers.value(), Value(Array{BuiltInType::Double, std::vector<double>{1, 2.5, 3}, {}}));
    const auto texts = typedValue(boost::json::parse(R"(["a","b"])"), arrayTag(BuiltInType::String, {2}));
    EXPECT_EQ(texts.value(),
              Value(Array{BuiltInType::String, std::vector<Value>{Value("a"), Value("b")}, {}}));
    const auto grid =
        typedValue(boost::json::parse("[[1,2,3],[4,5,6]]"), arrayTag(BuiltInType::Int16, {2, 3}));
    EXPECT_EQ(grid.value(),
              Value(Array{BuiltInType::Int16, std::vector<std::int16_t>{1, 2, 3, 4, 5, 6}, {2, 3}}));
    const auto flags = typedValue(boost::json::parse("[true,false]"), arrayTag(BuiltInType::Boolean, {0}));
    EXPECT_EQ(flags.value(), Value(Array{BuiltInType::Boolean, std::vector<bool>{true, false}, {}}));
    EXPECT_TRUE(typedValue(boost::json::parse("[]"), arrayTag(BuiltInType::Double, {0})));
}

TEST(TypedValue, RefusesArraysOfAnotherShape) {
    const auto refusal = [](const char* json, std::vector<std::uint32_t> dimensions) {
        auto made = typedValue(boost::json::parse(json), arrayTag(BuiltInType::Int16, std::move(dimensions)));
        EXPECT_FALSE(made) << json;
        return made ? Refusal{} : made.error();
    };
    EXPECT_EQ(refusal("5", {0}).status, kBadTypeMismatch);
    EXPECT_EQ(refusal("[1,2,3]", {2}).status, kBadOutOfRange);
    EXPECT_EQ(refusal("[[1],[2,3]]", {0, 0}).status, kBadTypeMismatch) << "ragged";
    EXPECT_EQ(refusal("[[],[]]", {0, 0}).status, kBadTypeMismatch);
    EXPECT_EQ(refusal("[1,[2]]", {0}).status, kBadTypeMismatch);
    EXPECT_EQ(refusal("[1,2.5]", {0}).message, "element 1: expected a whole number -32768..32767, got 2.5");
}

}  // namespace
}  // namespace tagwire::control
