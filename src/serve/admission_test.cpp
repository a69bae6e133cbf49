#include "serve/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using access::PrincipalKind;
using access::Role;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AdmissionTest : public testing::Test {
protected:
    AdmissionTest() { bench_.request.host = "127.0.0.1:5000"; }

    unsigned status(Method method, std::string_view target) { return bench_.answer(method, target).status; }
    unsigned get(std::string_view target) { return status(Method::Get, target); }

    /// A page of this server with a session.
    void logIn(Role role) {
        access_.makeUsers();
        session_ = access_.let("cookie", PrincipalKind::User, role);
        bench_.request.cookie = "tagwire_session=cookie";
        bench_.request.origin = "http://127.0.0.1:5000";
        bench_.request.csrf = session_->csrf();
        bench_.request.contentType = "application/json";
    }

    FakeAccess access_;
    FakeTrail trail_;
    ShardWithHistory server_{nullptr, &access_, &trail_};
    RouteBench bench_{server_};
    std::shared_ptr<access::Grant> session_;
};

TEST_F(AdmissionTest, WithoutUsersThisMachineIsAnEngineersAndOthersAreNobody) {
    EXPECT_EQ(get("/api/v1/tags"), 200);
    EXPECT_EQ(get("/api/v1/opcua/certificates"), 404) << "allowed, but there are none";
    EXPECT_EQ(get("/api/v1/users"), 401);
    bench_.peer = "10.0.0.5";
    EXPECT_EQ(get("/api/v1/tags"), 401);
    EXPECT_EQ(get("/healthz"), 200);
    EXPECT_EQ(get("/api/v1/nothing"), 404) << "whoever asks";
}

TEST_F(AdmissionTest, WithUsersThisMachineIsAViewers) {
    access_.makeUsers();
    EXPECT_EQ(get("/api/v1/tags"), 200);
    EXPECT_EQ(get("/api/v1/opcua/certificates"), 401);
}

TEST_F(AdmissionTest, AProxyOfThisMachineIsNotThisMachine) {
    bench_.request.forwarded = true;
    EXPECT_EQ(get("/api/v1/tags"), 401);
    bench_.request.forwardedFor = "10.0.0.5";
    EXPECT_EQ(get("/api/v1/session"), 200);
    EXPECT_EQ(bench_.asked().caller.address, "10.0.0.5");
}

TEST_F(AdmissionTest, AskingToLogInSaysHow) {
    bench_.peer = "10.0.0.5";
    const auto response = bench_.answer(Method::Get, "/api/v1/tags");
    EXPECT_THAT(response.headers, testing::Contains(testing::Pair("WWW-Authenticate", "Bearer")));
    EXPECT_THAT(response.body, HasSubstr(R"({"code":"unauthorized","msg":"log in first)"));
}

TEST_F(AdmissionTest, AWrongTokenIsToldEvenWhereNoneIsNeeded) {
    bench_.request.authorization = "Bearer wrong";
    const auto response = bench_.answer(Method::Get, "/api/v1/tags");
    EXPECT_EQ(response.status, 401);
    EXPECT_THAT(response.body, HasSubstr("unknown, has expired, or was revoked"));
    EXPECT_EQ(get("/ws"), 401);
    EXPECT_EQ(get("/api/v1/session"), 200);
}

TEST_F(AdmissionTest, ATokenCountsUntilItEnds) {
    const auto token = access_.let("t", PrincipalKind::Token, Role::Engineer);
    bench_.peer = "10.0.0.5";
    bench_.request.authorization = "Bearer t";
    EXPECT_EQ(get("/api/v1/tags"), 200);
    EXPECT_EQ(get("/ws"), 101);
    token->end();
    EXPECT_EQ(get("/api/v1/tags"), 401);
    EXPECT_EQ(get("/ws"), 401);
}

TEST_F(AdmissionTest, ATokenIsForWhoeverHoldsItNotForPages) {
    access_.let("t", PrincipalKind::Token, Role::Administrator);
    bench_.request.authorization = "Bearer t";
    EXPECT_EQ(get("/api/v1/account/tokens"), 403) << "it makes no other tokens";
    EXPECT_EQ(get("/api/v1/users"), 403);
}

TEST_F(AdmissionTest, ASessionThatHasEndedIsNobodys) {
    logIn(Role::Administrator);
    EXPECT_EQ(get("/api/v1/users"), 200);
    session_->end();
    EXPECT_EQ(get("/api/v1/users"), 401);
    EXPECT_EQ(get("/api/v1/tags"), 200) << "as for anybody of this machine";
}

TEST_F(AdmissionTest, ChangesByCookieNeedTheSessionsValueAndAPageOfThisServer) {
    logIn(Role::Administrator);
    EXPECT_EQ(status(Method::Delete, "/api/v1/users/bert"), 204);
    for (const auto* wrong : {"", "csrf-of-cookiX", "csrf-of-cookie1"}) {
        bench_.request.csrf = wrong;
        EXPECT_EQ(status(Method::Delete, "/api/v1/users/bert"), 403) << wrong;
    }
    bench_.request.csrf = session_->csrf();
    bench_.request.origin = {};
    EXPECT_EQ(status(Method::Delete, "/api/v1/users/bert"), 403) << "no page says that it asks";
    bench_.request.origin = "http://localhost:3000";
    EXPECT_EQ(status(Method::Delete, "/api/v1/users/bert"), 401) << "another program's page has no session";
}

TEST_F(AdmissionTest, AnotherPageOfThisMachineDoesNotReadAsTheUser) {
    logIn(Role::Administrator);
    bench_.request.origin = "http://localhost:3000";
    EXPECT_EQ(get("/api/v1/users"), 401);
}

TEST_F(AdmissionTest, OverTlsTheOtherCookieCounts) {
    logIn(Role::Administrator);
    bench_.request.secure = true;
    bench_.request.origin = "https://127.0.0.1:5000";
    EXPECT_EQ(get("/api/v1/users"), 401);
    bench_.request.cookie = "__Host-tagwire_session=cookie";
    EXPECT_EQ(get("/api/v1/users"), 200);
    bench_.request.origin = "http://127.0.0.1:5000";
    EXPECT_EQ(get("/api/v1/users"), 401) << "a page that did not come over TLS";
}

TEST_F(AdmissionTest, WhatIsForbiddenIsWrittenDownButNotAllOfIt) {
    logIn(Role::Viewer);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(get("/api/v1/users"), 403);
    ASSERT_THAT(trail_.entries, SizeIs(1));
    EXPECT_EQ(trail_.entries[0].user, "anna");
    EXPECT_EQ(trail_.entries[0].action, "manage_users");
    EXPECT_EQ(trail_.entries[0].target, "/api/v1/users");
    EXPECT_EQ(trail_.entries[0].outcome, AuditOutcome::Refused);
    EXPECT_EQ(get("/api/v1/audit"), 403);
    EXPECT_THAT(trail_.entries, SizeIs(2)) << "another action";
}

TEST_F(AdmissionTest, OptionsTellWhatThereIs) {
    const auto answer = bench_.answer(Method::Options, "/api/v1/users/anna");
    EXPECT_EQ(answer.status, 204);
    EXPECT_THAT(answer.headers, testing::Contains(testing::Pair("Allow", "PATCH, DELETE, OPTIONS")));
    EXPECT_EQ(status(Method::Options, "/api/v1/nothing"), 404);
}

TEST(DenialsTest, TellHowManyWereLeftOut) {
    FakeTrail trail;
    Denials denials(&trail);
    Caller caller;
    caller.principal = std::make_shared<const access::Principal>(access::anonymous(Role::Viewer));
    caller.address = "10.0.0.5";
    const auto start = fromUnixMillis(1'000'000);
    for (int i = 0; i < 5; ++i) denials.record(caller, access::Action::WriteTag, "A", start);
    denials.record(caller, access::Action::WriteTag, "B", start + Denials::kPause);
    ASSERT_THAT(trail.entries, SizeIs(2));
    EXPECT_THAT(trail.entries[1].detail, HasSubstr("4 times more"));
    // Whoever has a new address each time cannot make it write more.
    for (int i = 0; i < 3000; ++i) {
        caller.address = std::to_string(i);
        denials.record(caller, access::Action::WriteTag, "A", start + Denials::kPause);
    }
    EXPECT_LE(trail.entries.size(), 2 + Denials::kMaxCallers);
}

TEST(TagSightTest, DeniesWhatNobodyAllows) {
    EXPECT_FALSE(TagSight().sees("A"));
    EXPECT_FALSE(TagSight::of(nullptr).sees("A"));
    EXPECT_FALSE(TagSight::of(std::make_shared<const access::Principal>(access::stranger())).sees("A"));
    const auto viewer = std::make_shared<const access::Principal>(access::anonymous(Role::Viewer));
    EXPECT_TRUE(TagSight::of(viewer).seesEverything());
    const std::vector<std::string> some{"A.*"};
    const auto scope = access::TagScope::parse(some, {}).value();
    const auto narrow = TagSight::of(
        std::make_shared<const access::Principal>(access::narrowed(*viewer, "t", Role::Viewer, scope)));
    EXPECT_FALSE(narrow.seesEverything());
    EXPECT_TRUE(narrow.sees("A.B"));
    EXPECT_FALSE(narrow.sees("B.B"));
}

}  // namespace
}  // namespace tagwire::serve
