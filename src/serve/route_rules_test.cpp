#include "serve/route_rules.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/frame_rules.h"

namespace tagwire::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string patternOf(std::string_view path, Method method = Method::Get) {
    const auto match = matchRoute(routeRules(), method, path);
    return match.rule == nullptr ? std::string() : std::string(match.rule->path);
}

TEST(MatchPath, NamesStandForASegmentAndTheLastForTheRest) {
    EXPECT_THAT(matchPath("/a/{x}", "/a/b/c"), testing::Optional(ElementsAre("b/c")));
    EXPECT_THAT(matchPath("/a/{x}/{y}", "/a/b/c/d"), testing::Optional(ElementsAre("b", "c/d")));
    EXPECT_THAT(matchPath("/a/{x}/end", "/a/b/c/end"), testing::Optional(ElementsAre("b/c")));
    EXPECT_THAT(matchPath("/a", "/a"), testing::Optional(IsEmpty()));
    for (const auto* none : {"/a", "/a/", "/b/c", "/a/b/en", "/a//end", ""})
        EXPECT_FALSE(matchPath("/a/{x}/end", none)) << none;
    EXPECT_FALSE(matchPath("/a", "/ab"));
    EXPECT_FALSE(matchPath("/a/{x}/{y}", "/a//c"));
}

TEST(MatchRoute, TakesThePathThatSaysMost) {
    EXPECT_EQ(patternOf("/api/v1/sources/oven"), "/api/v1/sources/{name}");
    EXPECT_EQ(patternOf("/api/v1/sources/oven/browse"), "/api/v1/sources/{name}/browse");
    EXPECT_EQ(patternOf("/api/v1/sources/a/b/browse"), "/api/v1/sources/{name}/browse");
    EXPECT_EQ(patternOf("/api/v1/documents/screen/a/versions"), "/api/v1/documents/{kind}/{name}/versions");
    EXPECT_EQ(patternOf("/assets/app.js"), "/{page}");
    EXPECT_EQ(patternOf("/"), "/");
    EXPECT_EQ(patternOf("/api/v1/audit/verify"), "/api/v1/audit/verify");
    EXPECT_EQ(patternOf("/api/v1/opcua/sources/verify/remove", Method::Post),
              "/api/v1/opcua/sources/{name}/remove");
}

TEST(MatchRoute, WhatNoRowListsIsNothing) {
    for (const auto* path : {"/api/v1/nothing", "/api/", "/api/v2/tags", "/api/v1/users/", "/api/v1/tags/"}) {
        EXPECT_THAT(matchRoute(routeRules(), Method::Get, path).methods, IsEmpty()) << path;
        EXPECT_THAT(matchRoute(routeRules(), Method::Post, path).methods, IsEmpty()) << path;
    }
    const auto wrong = matchRoute(routeRules(), Method::Post, "/api/v1/tags");
    EXPECT_EQ(wrong.rule, nullptr);
    EXPECT_EQ(allowedMethods(wrong.methods), "GET, HEAD");
    EXPECT_EQ(matchRoute(routeRules(), Method::Head, "/api/v1/tags").rule->method, Method::Get);
    EXPECT_EQ(allowedMethods(matchRoute(routeRules(), Method::Put, "/api/v1/session").methods),
              "GET, HEAD, POST, DELETE");
}

TEST(RouteRules, NoneIsThereTwiceAndAllAreAboutAnAction) {
    std::set<std::pair<Method, std::string_view>> seen;
    for (const auto& rule : routeRules()) {
        EXPECT_TRUE(seen.emplace(rule.method, rule.path).second) << rule.path;
        EXPECT_NE(access::ruleOf(rule.action), nullptr) << rule.path;
        EXPECT_EQ(rule.path.front(), '/') << rule.path;
    }
}

// Written out: whoever opens something to everybody has to say so here, too.
TEST(RouteRules, WhatIsForEverybody) {
    std::set<std::string> open;
    for (const auto& rule : routeRules()) {
        if (rule.action == access::Action::UsePublic)
            open.insert(std::string(nameOf(rule.method)) + " " + std::string(rule.path));
    }
    EXPECT_THAT(
        open, ElementsAre("DELETE /api/v1/session", "GET /", "GET /api/v1/agent", "GET /api/v1/asyncapi.json",
                          "GET /api/v1/login/oidc", "GET /api/v1/login/oidc/callback",
                          "GET /api/v1/openapi.json", "GET /api/v1/session", "GET /healthz", "GET /readyz",
                          "GET /ws", "GET /{page}", "POST /api/v1/session", "POST /api/v1/setup"));
}

TEST(RouteRules, WhateverChangesSomethingTakesMoreThanAViewer) {
    for (const auto& rule : routeRules()) {
        if (!changes(rule.method) || rule.action == access::Action::UsePublic ||
            rule.action == access::Action::ManageOwnAccount)
            continue;
        EXPECT_GT(access::ruleOf(rule.action)->role, access::Role::Viewer) << rule.path;
    }
}

TEST(RouteRules, AreATableOfFiveColumns) {
    const auto text = rulesText();
    EXPECT_THAT(text, HasSubstr("GET\t/api/v1/tags\tread_tag\tviewer\trole\n"));
    EXPECT_THAT(text, HasSubstr("PATCH\t/api/v1/users/{name}\tmanage_users\tadministrator\tperson\n"));
    EXPECT_THAT(text, HasSubstr("FRAME\tsub\tread_tag\tviewer\trole\n"));
    EXPECT_THAT(text, HasSubstr("GET\t/healthz\tuse_public\t-\tnobody\n"));
}

}  // namespace
}  // namespace tagwire::serve
