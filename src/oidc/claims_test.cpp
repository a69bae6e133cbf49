// Claims as providers send them, and who somebody is by them.
#include "oidc/claims.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::oidc {
namespace {

using access::LoginProblem;
using access::OidcOptions;
using access::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

OidcOptions options() {
    OidcOptions made;
    made.issuer = "https://id.example.com";
    made.viewers = {"tagwire-view", "guests"};
    made.operators = {"tagwire-operate"};
    made.engineers = {"tagwire-engineer"};
    made.administrators = {"tagwire-admin"};
    return made;
}

TEST(ClaimAt, FollowsDots) {
    const auto claims = object(R"({"a":{"b":{"c":1},"b.c":2},"x.y":{"z":3},"t":"text"})");
    EXPECT_EQ(claimAt(claims, "a.b.c")->as_int64(), 2) << "the longer name goes before";
    EXPECT_EQ(claimAt(claims, "x.y.z")->as_int64(), 3) << "a name with a dot";
    EXPECT_NE(claimAt(claims, "a.b"), nullptr);
    for (const auto* none : {"", ".", "a.", "a.c", "t.x", "b", "x", "a.b.c.d"})
        EXPECT_EQ(claimAt(claims, none), nullptr) << none;
}

TEST(ClaimAt, FindsNamesThatAreWebAddresses) {
    const auto claims = object(R"({"https://plant.example.com/roles":["r"]})");
    EXPECT_NE(claimAt(claims, "https://plant.example.com/roles"), nullptr);
}

TEST(TextsOf, TakesTheFormsThatProvidersUse) {
    EXPECT_THAT(textsOf(boost::json::parse(R"(["a",1,null,"b",["c"]])")), ElementsAre("a", "b"));
    EXPECT_THAT(textsOf(boost::json::parse(R"("a b")")), ElementsAre("a b"));
    EXPECT_THAT(textsOf(boost::json::parse(R"({"a":{},"b":1})")), UnorderedElementsAre("a", "b"));
    for (const auto* none : {"1", "true", "null", "[]", "{}"})
        EXPECT_THAT(textsOf(boost::json::parse(none)), IsEmpty()) << none;
}

TEST(ExternalUserOf, HasTheHighestRole) {
    for (const auto& [roles, expected] :
         {std::pair(R"(["guests"])", Role::Viewer), std::pair(R"("tagwire-operate")", Role::Operator),
          std::pair(R"(["guests","tagwire-engineer","tagwire-operate"])", Role::Engineer),
          std::pair(R"({"other":1,"tagwire-admin":1})", Role::Administrator)}) {
        const auto claims =
            object(std::string(R"({"sub":"7","preferred_username":"anna","roles":)") + roles + "}");
        EXPECT_TRUE(haveNameAndRole(claims, options()));
        const auto user = externalUserOf(claims, options());
        ASSERT_TRUE(user) << roles;
        EXPECT_EQ(user->role, expected) << roles;
        EXPECT_EQ(user->name, "anna");
        EXPECT_EQ(user->subject, "7");
        EXPECT_EQ(user->issuer, "https://id.example.com");
    }
}

TEST(ExternalUserOf, TakesOtherClaims) {
    auto named = options();
    named.userClaim = "contact.mail";
    named.roleClaim = "realm_access.roles";
    const auto user = externalUserOf(
        object(R"({"sub":"7","contact":{"mail":"a@b"},"realm_access":{"roles":["guests"]}})"), named);
    ASSERT_TRUE(user);
    EXPECT_EQ(user->name, "a@b");
}

TEST(ExternalUserOf, SaysWhatTheProviderHasToSend) {
    const auto refusal = [](std::string_view claims) {
        const auto user = externalUserOf(object(claims), options());
        return user ? access::ExternalRefusal{.problem = LoginProblem::Failed, .detail = "none", .name = {}}
                    : user.error();
    };
    EXPECT_EQ(refusal(R"({"preferred_username":"anna","roles":["guests"]})").problem,
              LoginProblem::Untrusted);
    EXPECT_EQ(refusal(R"({"sub":7,"preferred_username":"anna","roles":["guests"]})").problem,
              LoginProblem::Untrusted);
    for (const auto* name : {"", R"("preferred_username":7,)", R"("preferred_username":"",)"}) {
        const auto why = refusal(std::string(R"({"sub":"7",)") + name + R"("roles":["guests"]})");
        EXPECT_EQ(why.problem, LoginProblem::BadName);
        EXPECT_THAT(why.detail, HasSubstr("user_claim"));
    }
    const auto missing = refusal(R"({"sub":"7","preferred_username":"anna"})");
    EXPECT_EQ(missing.problem, LoginProblem::NoRole);
    EXPECT_EQ(missing.name, "anna");
    EXPECT_THAT(missing.detail, HasSubstr("sends no claim 'roles'"));
    const auto other = refusal(R"({"sub":"7","preferred_username":"anna","roles":["Guests","x"]})");
    EXPECT_EQ(other.problem, LoginProblem::NoRole);
    EXPECT_THAT(other.detail, HasSubstr("(Guests, x)"));
    EXPECT_THAT(refusal(R"({"sub":"7","preferred_username":"anna","roles":[]})").detail, HasSubstr("(none)"));
}

}  // namespace
}  // namespace tagwire::oidc
