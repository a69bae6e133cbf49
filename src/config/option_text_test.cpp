#include "config/option_text.h"

#include <array>

#include <gtest/gtest.h>

namespace tagwire::config {
namespace {

constexpr std::array<std::string_view, 4> kNames{"scan_ms", "seed", "load_rate_hz", "warning"};

TEST(NearestTest, FindsSlips) {
    EXPECT_EQ(nearest("scan_m", kNames), "scan_ms");
    EXPECT_EQ(nearest("scna_ms", kNames), "scan_ms");
    EXPECT_EQ(nearest("Scan-MS", kNames), "scan_ms");
    EXPECT_EQ(nearest("sed", kNames), "seed");
    EXPECT_EQ(nearest("load_rate", kNames), "load_rate_hz");
    EXPECT_EQ(nearest("warn", kNames), "warning");
}

TEST(NearestTest, IsSilentAboutOtherWords) {
    EXPECT_EQ(nearest("password", kNames), "");
    EXPECT_EQ(nearest("x", kNames), "");
    EXPECT_EQ(nearest("", kNames), "");
    EXPECT_EQ(nearest(std::string(10'000, 's'), kNames), "");
}

TEST(InQuotesTest, ShortensWithoutBreakingCharacters) {
    EXPECT_EQ(inQuotes("abc"), "\"abc\"");
    std::string text(59, 'a');
    text += "锅炉";
    EXPECT_EQ(inQuotes(text), "\"" + std::string(59, 'a') + "…\"");
}

TEST(PrintableTest, EscapesControlCharactersOnly) { EXPECT_EQ(printable("a\nb\x7f锅"), "a\\x0ab\\x7f锅"); }

TEST(LengthTest, CountsCharacters) {
    EXPECT_EQ(lengthOf("°C"), 2U);
    EXPECT_EQ(lengthOf(""), 0U);
}

TEST(AllowedTest, BoundsAreThoseOfTheTypeAtMost) {
    const IntegerBounds bounds = boundsOf<std::uint16_t>({.key = "port", .text = "", .min = 1});
    EXPECT_EQ(bounds.low, 1);
    EXPECT_EQ(bounds.high, 65535);
    EXPECT_EQ(boundsOf<std::uint64_t>({.key = "n", .text = ""}).high,
              std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(boundsOf<std::int8_t>({.key = "n", .text = ""}).low, -128);
}

TEST(AllowedTest, Words) {
    EXPECT_EQ(allowedNumber({.key = "x", .text = ""}), "a number");
    EXPECT_EQ(allowedNumber({.key = "x", .text = "", .unit = "%", .min = 0, .max = 100}),
              "a number from 0 to 100 %");
    EXPECT_EQ(allowedText({.key = "x", .text = "", .min = 1, .max = 64}), "a text of 1 to 64 characters");
    EXPECT_EQ(allowedText({.key = "x", .text = "", .min = 64, .max = 64}), "a text of 64 characters");
    EXPECT_EQ(allowedNames(std::array<std::string_view, 3>{"a", "b", "c"}), "\"a\", \"b\" or \"c\"");
}

}  // namespace
}  // namespace tagwire::config
