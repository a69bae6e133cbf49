#include "types/variant_type.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace tagwire::da {
namespace {

std::string refusal(std::string_view text, std::uint16_t type) {
    const auto value = parseValue(text, type);
    return value ? "" : value.error().message;
}

TEST(VariantType, HasNamesAndTypes) {
    EXPECT_EQ(variantTypeName(vt::kR8), "VT_R8");
    EXPECT_EQ(variantTypeName(vt::kArray | vt::kBstr), "VT_ARRAY|VT_BSTR");
    EXPECT_EQ(variantTypeName(0x0123), "VT_0x0123");
    EXPECT_EQ(builtInTypeOf(vt::kUi4), BuiltInType::UInt32);
    EXPECT_EQ(builtInTypeOf(vt::kArray | vt::kDate), BuiltInType::DateTime);
    EXPECT_EQ(builtInTypeOf(vt::kCy), BuiltInType::String);
    EXPECT_EQ(builtInTypeOf(9), BuiltInType::Null) << "VT_DISPATCH";
}

TEST(ParseValue, TakesTheWholeRangeOfWholeNumbersAndNoMore) {
    EXPECT_EQ(parseValue("-128", vt::kI1).value(), Value(std::int8_t{-128}));
    EXPECT_EQ(parseValue("255", vt::kUi1).value(), Value(std::uint8_t{255}));
    EXPECT_EQ(parseValue("4294967295", vt::kUi4).value(), Value(std::uint32_t{4'294'967'295}));
    EXPECT_EQ(parseValue("18446744073709551615", vt::kUi8).value(), Value(~std::uint64_t{0}));
    EXPECT_EQ(refusal("128", vt::kI1), "128 is not within the range of the item's type (-128 to 127)");
    EXPECT_EQ(refusal("-1", vt::kUi2), "-1 is not within the range of the item's type (0 to 65535)");
    EXPECT_EQ(refusal("1.5", vt::kI4), "\"1.5\" is not a whole number");
    EXPECT_EQ(refusal("", vt::kI4), "\"\" is not a whole number");
    EXPECT_EQ(refusal("7x", vt::kI4), "\"7x\" is not a whole number");
}

TEST(ParseValue, TakesRealNumbersThatFit) {
    EXPECT_EQ(parseValue("-2.5", vt::kR8).value(), Value(-2.5));
    EXPECT_EQ(parseValue("1e3", vt::kR4).value(), Value(1000.0F));
    EXPECT_TRUE(std::isnan(parseValue("nan", vt::kR8)->toDouble()));
    EXPECT_EQ(refusal("1e39", vt::kR4), "1e39 is not within the range of the item's type");
    EXPECT_EQ(refusal("1e999", vt::kR8), "1e999 is not within the range of the item's type");
    EXPECT_EQ(refusal("1,5", vt::kR8), "\"1,5\" is not a number");
}

TEST(ParseValue, TakesTruthTextTimesAndMoney) {
    EXPECT_EQ(parseValue("true", vt::kBool).value(), Value(true));
    EXPECT_EQ(parseValue("0", vt::kBool).value(), Value(false));
    EXPECT_FALSE(parseValue("yes", vt::kBool));
    EXPECT_EQ(parseValue(" 温度 ", vt::kBstr).value(), Value(" 温度 "));
    EXPECT_EQ(parseValue("5", vt::kEmpty).value(), Value("5"));
    EXPECT_EQ(parseValue("2026-11-26T00:00:00Z", vt::kDate).value(), Value(parseTime("2026-11-26").value()));
    EXPECT_EQ(parseValue("12.50", vt::kCy).value(), Value("12.5"));
    EXPECT_FALSE(parseValue("12.34567", vt::kCy));
    EXPECT_EQ(parseValue("-0.1", vt::kDecimal).value(), Value("-0.1"));
    for (const auto* text : {"", "-", ".", "1.2.3", "1e5"})
        EXPECT_FALSE(parseValue(text, vt::kDecimal)) << text;
    EXPECT_FALSE(parseValue("x", 9)) << "VT_DISPATCH";
}

TEST(ParseValue, TakesArraysAsJson) {
    const auto reals = parseValue("[1,2.5,-3]", vt::kArray | vt::kR8);
    ASSERT_TRUE(reals);
    EXPECT_EQ(std::get<std::vector<double>>(reals->getIf<Array>()->elements), (std::vector{1.0, 2.5, -3.0}));
    const auto texts = parseValue(R"(["a","温度"])", vt::kArray | vt::kBstr);
    ASSERT_TRUE(texts);
    EXPECT_EQ(texts->getIf<Array>()->elementType, BuiltInType::String);
    EXPECT_EQ(std::get<std::vector<Value>>(texts->getIf<Array>()->elements).back(), Value("温度"));
    EXPECT_EQ(parseValue("[true,false]", vt::kArray | vt::kBool)->getIf<Array>()->size(), 2U);
    EXPECT_EQ(parseValue("[]", vt::kArray | vt::kI2)->getIf<Array>()->size(), 0U);
    for (const auto* text : {"1", "[1", "[300]", "[\"x\"]", "[[1]]", "{}"})
        EXPECT_FALSE(parseValue(text, vt::kArray | vt::kUi1)) << text;
}

}  // namespace
}  // namespace tagwire::da
