// The forms of rows and values are held by the golden frames (golden_test.cpp); here is what those cannot
// show.
#include "wire/row_encoder.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/json_text.h"
#include "model/value_json.h"

namespace tagwire::wire {
namespace {

std::string rowOf(const DataValue& value, Timestamp base) {
    std::string out;
    appendRow(out, TagId{7}, value, base);
    return out;
}

std::string json(const Value& value) {
    std::string out;
    appendValue(out, value);
    return out;
}

TEST(RowEncoder, BasePlusDtIsTheSourceTimeInMilliseconds) {
    const Timestamp base{Ticks{12'345'678'901'234'567}};
    for (const std::int64_t offset : {-20'001, -10'000, -1, 0, 1, 9'999, 10'000, 25'000'001}) {
        const Timestamp source = base + Ticks{offset};
        const auto row =
            boost::json::parse(rowOf({Value(true), StatusCode{1U << 16U}, source, source}, base));
        EXPECT_EQ(toUnixMillis(base) + row.at(2).to_number<std::int64_t>(), toUnixMillis(source)) << offset;
    }
}

TEST(RowEncoder, AppendsToWhatIsThere) {
    std::string out = "x";
    appendRow(out, TagId{1}, {Value(1.5), {}, {}, {}}, {});
    appendRow(out, TagId{2}, {}, {});
    EXPECT_EQ(out, "x[1,1.5][2,null]");
}

template <class Real, class Bits>
void expectRoundTrip() {
    std::mt19937_64 random(7);
    for (int i = 0; i < 50'000; ++i) {
        const auto bits = static_cast<Bits>(random());
        const auto number = std::bit_cast<Real>(bits);
        if (!std::isfinite(number)) continue;
        std::string text;
        appendJsonNumber(text, number);
        Real back = 0;
        if constexpr (sizeof(Real) == sizeof(float)) {
            back = std::strtof(text.c_str(), nullptr);
        } else {
            back = std::strtod(text.c_str(), nullptr);
        }
        ASSERT_EQ(std::bit_cast<Bits>(back), bits) << text;
        ASSERT_TRUE(boost::json::parse(text).is_number()) << text;
    }
}

TEST(JsonNumber, ReadsBackToTheSameBits) {
    expectRoundTrip<double, std::uint64_t>();
    expectRoundTrip<float, std::uint32_t>();
}

TEST(JsonNumber, WholeNumbersHaveNoExponentBelowTenToTheFifteen) {
    EXPECT_EQ(json(Value(999999999999999.0)), "999999999999999");
    EXPECT_EQ(json(Value(-2.0F)), "-2");
    EXPECT_EQ(json(Value(16777216.0F)), "16777216");
    EXPECT_EQ(json(Value(0.0)), "0");
    EXPECT_EQ(json(Value(-0.0F)), "-0");
}

TEST(JsonString, EveryByteStringBecomesValidJson) {
    std::mt19937 random(11);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 24U, '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random());
        std::string text;
        appendJsonString(text, bytes);
        boost::system::error_code error;
        const auto value = boost::json::parse(text, error);
        ASSERT_FALSE(error) << text;
        ASSERT_TRUE(value.is_string());
    }
}

TEST(JsonString, ReadsBackUnchangedWhenValid) {
    std::string all;
    for (char c = 1; c < 127; ++c) all += c;
    all += "\x7fÄ液😀\u2028\u2029";
    all += '\0';
    std::string text;
    appendJsonString(text, all);
    EXPECT_EQ(std::string(boost::json::parse(text).as_string()), all);
}

TEST(JsonString, ReplacesEachInvalidSequence) {
    std::string text;
    appendJsonString(text, "a\xC3(b\xE2\x82|\xF0\x9F\x98\xED\xA0\x80\x80");
    const auto value = boost::json::parse(text);
    const auto shown = std::string(value.as_string());
    EXPECT_TRUE(shown.starts_with("a\uFFFD(b\uFFFD|")) << shown;
    EXPECT_TRUE(shown.ends_with("\uFFFD")) << shown;
}

TEST(ArrayJson, DimensionsThatDoNotFitAreLeftOut) {
    const std::vector<std::int32_t> four{1, 2, 3, 4};
    EXPECT_EQ(json(Value(Array{BuiltInType::Int32, four, {2, 3}})), "[1,2,3,4]");
    EXPECT_EQ(json(Value(Array{BuiltInType::Int32, four, {0, 4}})), "[1,2,3,4]");
    EXPECT_EQ(json(Value(Array{BuiltInType::Int32, four, {4294967295, 4294967295, 4294967295}})),
              "[1,2,3,4]");
    EXPECT_EQ(json(Value(Array{BuiltInType::Int32, four, {4}})), "[1,2,3,4]");
}

TEST(ArrayJson, EmptyArraysAreFlatWhateverTheirDimensions) {
    for (const auto first : {0U, 2U, 4294967295U}) {
        EXPECT_EQ(json(Value(Array{BuiltInType::Int32, std::vector<std::int32_t>{}, {first, 0}})), "[]");
    }
}

TEST(Base64, Rfc4648TestVectors) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, expected] : vectors) {
        std::string out;
        appendBase64(out, bytes);
        EXPECT_EQ(out, expected);
    }
}

}  // namespace
}  // namespace tagwire::wire
