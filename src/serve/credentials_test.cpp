#include "serve/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

using testing::Optional;

TEST(CookieValue, IsTheOneOfThatName) {
    EXPECT_THAT(cookieValue("a=1; tagwire_session=xyz; b=2", "tagwire_session"),
                Optional(std::string("xyz")));
    EXPECT_THAT(cookieValue("tagwire_session=x=y", "tagwire_session"), Optional(std::string("x=y")));
    EXPECT_THAT(cookieValue(";; ,tagwire_session=x;tagwire_session=z", "tagwire_session"),
                Optional(std::string("z")));
    for (const auto* none : {"", "tagwire_session", "tagwire_session=", "xtagwire_session=1",
                             "TAGWIRE_SESSION=1", "__Host-tagwire_session=1"})
        EXPECT_FALSE(cookieValue(none, "tagwire_session")) << none;
}

TEST(CookieValue, OfTwoNoneCounts) {
    EXPECT_FALSE(cookieValue("tagwire_session=a; tagwire_session=b", "tagwire_session"));
    EXPECT_FALSE(cookieValue("tagwire_session=a; tagwire_session=a", "tagwire_session"));
}

TEST(CookieName, IsAnotherOverTls) {
    EXPECT_EQ(sessionCookieName(false), "tagwire_session");
    EXPECT_EQ(sessionCookieName(true), "__Host-tagwire_session");
}

TEST(BearerToken, HasOneForm) {
    EXPECT_THAT(bearerToken("Bearer abc"), Optional(std::string("abc")));
    EXPECT_THAT(bearerToken("bEARER abc"), Optional(std::string("abc")));
    for (const auto* none : {"", "Bearer", "Bearer ", "Basic YTpi", "Bearerabc", " Bearer abc"})
        EXPECT_FALSE(bearerToken(none)) << none;
}

TEST(NearestForwarded, IsWhatTheLastProxySaw) {
    EXPECT_THAT(nearestForwarded("6.6.6.6, 10.0.0.5"), Optional(std::string("10.0.0.5")));
    EXPECT_THAT(nearestForwarded("fd00::5 "), Optional(std::string("fd00::5")));
    for (const auto* none : {"", "10.0.0.5,", "unknown", "10.0.0.5:80", "10.0.0.5, evil"})
        EXPECT_FALSE(nearestForwarded(none)) << none;
}

TEST(SameSecret, ComparesAll) {
    EXPECT_TRUE(sameSecret("abc", "abc"));
    EXPECT_TRUE(sameSecret("", ""));
    for (const auto* other : {"", "ab", "abd", "abcd"}) EXPECT_FALSE(sameSecret("abc", other)) << other;
}

}  // namespace
}  // namespace tagwire::serve
