#include "types/wildcard.h"

#include <string>

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

bool matches(std::string_view text, std::string_view pattern) { return matchesWildcard(text, pattern); }

TEST(Wildcard, StarsAndQuestionMarks) {
    EXPECT_TRUE(matches("Random.Int4", "Random.*"));
    EXPECT_TRUE(matches("Random.Int4", "*int?"));
    EXPECT_TRUE(matches("Random.Int4", "*"));
    EXPECT_TRUE(matches("Random.Int4", "R*m.*4"));
    EXPECT_TRUE(matches("aab", "*ab"));
    EXPECT_FALSE(matches("Random.Int4", "Random"));
    EXPECT_FALSE(matches("Random.Int4", "Random.Int4?"));
    EXPECT_FALSE(matches("", "?"));
    EXPECT_TRUE(matches("", "**"));
}

TEST(Wildcard, EmptyPatternMatchesEverythingAndCaseIsIgnored) {
    EXPECT_TRUE(matches("x", ""));
    EXPECT_TRUE(matches("RANDOM", "random"));
    EXPECT_TRUE(matchesWildcard(std::wstring_view(L"温度.Wert"), std::wstring_view(L"温?.wert")));
}

TEST(Wildcard, ManyStarsEndSoon) {
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "a*";
    EXPECT_FALSE(matches(std::string(5000, 'a') + "b", pattern + "c"));
}

}  // namespace
}  // namespace tagwire::da
