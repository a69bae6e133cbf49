#include "serve/http_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

using testing::ElementsAre;

TEST(ParseTarget, DecodesPathAndQuery) {
    const auto target = parseTarget("/api/v1/tags/Bucket%20Brigade.Int1?tags=a,b%20c&tags=%E6%B8%A9&x=1+2");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/api/v1/tags/Bucket Brigade.Int1");
    EXPECT_THAT(target->query.list("tags"), ElementsAre("a", "b c", "温"));
    EXPECT_EQ(target->query.get("x"), "1 2");
    EXPECT_EQ(target->query.get("y"), std::nullopt);
}

TEST(ParseTarget, NothingIsNoParameter) {
    for (const auto* none : {"/a?", "/a?&", "/a?&&"})
        EXPECT_TRUE(parseTarget(none)->query.onlyKnown({})) << none;
    EXPECT_EQ(parseTarget("/a?&x=1&")->query.get("x"), "1");
    EXPECT_FALSE(parseTarget("/a?=1")->query.onlyKnown({}));
}

TEST(ParseTarget, RefusesWhatIsNoTarget) {
    for (const auto* wrong :
         {"", "x", "/%zz", "/a?b=%", "http://", "http:///x", "ftp://x/", "//%zz", "x://y", "**"})
        EXPECT_FALSE(parseTarget(wrong)) << wrong;
}

TEST(ParseTarget, TakesTheAbsoluteAndTheAsteriskForm) {
    const auto absolute = parseTarget("http://hmi.example.com:5000/a%20b?x=1");
    ASSERT_TRUE(absolute);
    EXPECT_EQ(absolute->authority, "hmi.example.com:5000");
    EXPECT_EQ(absolute->path, "/a b");
    EXPECT_EQ(absolute->query.get("x"), "1");
    const auto bare = parseTarget("https://[::1]?x=1");
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->authority, "[::1]");
    EXPECT_EQ(bare->path, "/");
    EXPECT_EQ(bare->query.get("x"), "1");
    EXPECT_EQ(parseTarget("*")->path, "*");
    EXPECT_EQ(parseTarget("/a?u=http://x/")->authority, "");
}

TEST(Query, NumbersHaveBounds) {
    const Query query({{"n", "5"}, {"bad", "5x"}, {"nan", "nan"}, {"big", "1e9"}});
    EXPECT_EQ(*query.number("n", 1, 0, 10), 5);
    EXPECT_EQ(*query.number("absent", 1, 0, 10), 1);
    EXPECT_EQ(query.number("bad", 1, 0, 10).error().message,
              "parameter 'bad': expected a number from 0 to 10, got '5x'");
    EXPECT_FALSE(query.number("nan", 1, 0, 10));
    EXPECT_FALSE(query.number("big", 1, 0, 10));
}

TEST(Query, UnknownParametersAreNamed) {
    const Query query({{"tags", "a"}, {"tagz", "b"}});
    EXPECT_TRUE(query.onlyKnown({"tags", "tagz"}));
    EXPECT_EQ(query.onlyKnown({"tags"}).error().message,
              "unknown parameter 'tagz'; this resource takes: tags");
}

}  // namespace
}  // namespace tagwire::serve
