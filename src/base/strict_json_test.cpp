#include "base/strict_json.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire {
namespace {

using testing::HasSubstr;

constexpr std::size_t kMaxDepth = 4;

double numberOf(std::string_view text) {
    const auto parsed = parseStrictJson(text, kMaxDepth, {});
    EXPECT_TRUE(parsed) << text;
    if (!parsed || !parsed->is_double()) return std::nan("");
    return parsed->as_double();
}

std::string problemOf(std::string_view text) {
    const auto parsed = parseStrictJson(text, kMaxDepth, {});
    return parsed ? "none" : parsed.error().message;
}

TEST(StrictJson, NumbersAreTheNearestDouble) {
    EXPECT_EQ(numberOf("655555555555555555555555555555555555555555555"),
              655555555555555555555555555555555555555555555.0);
    EXPECT_EQ(numberOf("1.7976931348623157e308"), std::numeric_limits<double>::max());
    EXPECT_EQ(numberOf("-5e-324"), -std::numeric_limits<double>::denorm_min());
    EXPECT_EQ(numberOf("0.1"), 0.1);
    EXPECT_EQ(numberOf("1e-400"), 0.0);
    EXPECT_TRUE(std::signbit(numberOf("-0.0")));
}

TEST(StrictJson, EveryDoubleComesBackAsItWasWritten) {
    std::mt19937_64 random(20261126);  // NOLINT(bugprone-random-generator-seed): the same in every run
    for (int i = 0; i < 100'000; ++i) {
        const auto number = std::bit_cast<double>(random());
        if (!std::isfinite(number)) continue;
        ASSERT_EQ(numberOf(fmt::format("{:.17e}", number)), number) << number;
    }
}

TEST(StrictJson, WholeNumbersKeepAllTheirDigits) {
    const auto parsed =
        parseStrictJson("[1, 2.5, -9223372036854775808, 18446744073709551615, 3.25]", kMaxDepth, {});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(boost::json::serialize(*parsed), "[1,2.5E0,-9223372036854775808,18446744073709551615,3.25E0]");
}

TEST(StrictJson, RefusesWhatTheLibraryLetsPass) {
    EXPECT_THAT(problemOf(R"({"a": 1, "a": 2})"), HasSubstr(R"(the member "a" is given twice)"));
    EXPECT_EQ(problemOf(R"({"a": {"b": 1}, "c": {"b": 2}})"), "none");
    EXPECT_THAT(problemOf("[1e999]"), HasSubstr("the number is too large"));
    EXPECT_THAT(problemOf("[[[[[1]]]]]"), HasSubstr("nested deeper than 4"));
    EXPECT_THAT(problemOf("[1"), HasSubstr("it ends too early"));
    EXPECT_THAT(problemOf("1 2"), HasSubstr("more follows after the value"));
    EXPECT_THAT(problemOf("[1,\n nought]"), HasSubstr("at byte 5"));
}

}  // namespace
}  // namespace tagwire
