#include "model/tag_path.h"

#include <gtest/gtest.h>

namespace tagwire {
namespace {

bool matches(std::string_view pattern, std::string_view path) {
    const auto parsed = TagPattern::parse(pattern);
    EXPECT_TRUE(parsed) << pattern;
    return parsed && parsed->matches(path);
}

TEST(TagPath, TakesNamesOfRealServers) {
    for (const auto* name : {"Random.Int1", "Bucket Brigade.ArrayOfReal8", "#MonitorACLFile", "@Clients",
                             "Saw-toothed Waves.Int2", "装置.反应釜.温度", "A/B[1]:x"}) {
        EXPECT_TRUE(TagPath::parse(name)) << name;
    }
}

TEST(TagPath, SaysWhatIsWrongWithANameThatCannotBe) {
    const auto reason = [](std::string_view text) { return TagPath::parse(text).error().message; };
    EXPECT_EQ(reason(""), "the tag name is empty");
    EXPECT_EQ(reason("a..b"), "the tag name has an empty level (two dots in a row, or a dot at an end)");
    EXPECT_EQ(reason("a."), "the tag name has an empty level (two dots in a row, or a dot at an end)");
    EXPECT_EQ(reason("a. b"), "the tag name has a level that begins or ends with a blank");
    EXPECT_EQ(reason("a\nb"), "the tag name contains a control character");
    EXPECT_EQ(reason("\xff"), "the tag name is not valid UTF-8");
    EXPECT_EQ(reason("a.*"), "the tag name contains '*', which is reserved for patterns");
    EXPECT_EQ(reason(std::string(513, 'a')), "the tag name is 513 bytes long; the limit is 512");
}

TEST(TagPattern, StarStaysWithinOneLevel) {
    EXPECT_TRUE(matches("Random.*", "Random.Int1"));
    EXPECT_FALSE(matches("Random.*", "Random.A.B"));
    EXPECT_FALSE(matches("Random.*", "Random"));
    EXPECT_TRUE(matches("*.Int*", "Random.Int1"));
    EXPECT_TRUE(matches("*", "A"));
    EXPECT_FALSE(matches("*", "A.B"));
    EXPECT_TRUE(matches("R*m.I*t*", "Random.Int1"));
    EXPECT_FALSE(matches("R*m.I*x", "Random.Int1"));
}

TEST(TagPattern, TwoStarsStandForAnyDepthAlsoNone) {
    EXPECT_TRUE(matches("**", "A.B.C"));
    EXPECT_TRUE(matches("Line1.**", "Line1"));
    EXPECT_TRUE(matches("Line1.**", "Line1.A.B"));
    EXPECT_FALSE(matches("Line1.**", "Line10.A"));
    EXPECT_TRUE(matches("**.Temp", "Temp"));
    EXPECT_TRUE(matches("**.Temp", "A.B.Temp"));
    EXPECT_TRUE(matches("A.**.T*", "A.B.C.T1"));
    EXPECT_FALSE(matches("A.**.T*", "A.B.C.X"));
    EXPECT_TRUE(matches("**.**.A", "A"));
}

TEST(TagPattern, RefusesTwoStarsBesideOtherCharacters) {
    EXPECT_FALSE(TagPattern::parse("Line**"));
    EXPECT_FALSE(TagPattern::parse("a.***"));
    EXPECT_FALSE(TagPattern::parse("a..**"));
}

TEST(TagPattern, AHostilePatternIsAnsweredQuickly) {
    std::string pattern;
    std::string path;
    for (int i = 0; i < 100; ++i) pattern += i == 0 ? "*a*b" : ".**.*a*b";
    for (int i = 0; i < 170; ++i) path += i == 0 ? "aa" : ".aa";
    EXPECT_FALSE(TagPattern::parse(pattern.substr(0, 512)).value_or(*TagPattern::parse("x")).matches(path));
}

}  // namespace
}  // namespace tagwire
