// Sessions, accounts, users, tokens and the audit log over HTTP, with services in memory.
#include "serve/access_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/audit_reader.h"
#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using access::PrincipalKind;
using access::Role;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class FakeAuditReader final : public AuditReader {
public:
    void read(AuditQuestion asked, ServiceAnswer<AuditPage> answer) override {
        question = std::move(asked);
        AuditPage page{.entries = {}, .more = true};
        page.entries.push_back({.number = 3,
                                .entry = {.time = fromUnixMillis(1000),
                                          .user = "anna",
                                          .token = {},
                                          .address = "10.0.0.5",
                                          .action = "write",
                                          .target = "=1+1",
                                          .before = "1",
                                          .after = R"("a,b")",
                                          .outcome = AuditOutcome::Failed,
                                          .detail = "device"}});
        answer(std::move(page));
    }
    void verify(ServiceAnswer<AuditVerdict> answer) override {
        answer(AuditVerdict{.intact = false, .entries = 3, .problem = "audit.log:2"});
    }

    AuditQuestion question;
};

class AccessRouteTest : public testing::Test {
protected:
    AccessRouteTest() {
        server_.server.auditReader = &reader_;
        bench_.request.host = "127.0.0.1:5000";
        bench_.request.origin = "http://127.0.0.1:5000";
        bench_.request.contentType = "application/json";
        bench_.peer = "10.0.0.5";
    }

    void logIn(Role role) {
        access_.makeUsers();
        access_.let("cookie", PrincipalKind::User, role);
        bench_.request.cookie = "tagwire_session=cookie";
        bench_.request.csrf = "csrf-of-cookie";
    }
    HttpResponse answer(Method method, std::string_view target, std::string_view body = {}) {
        bench_.request.body = body;
        return bench_.answer(method, target);
    }

    FakeAccess access_;
    FakeAuditReader reader_;
    ShardWithHistory server_{nullptr, &access_};
    RouteBench bench_{server_};
};

TEST_F(AccessRouteTest, TellsWhoAsks) {
    EXPECT_EQ(answer(Method::Get, "/api/v1/session").body,
              R"({"kind":"anonymous","user":"","role":null,"read":[],"write":[],"csrf":null,"expires":null,)"
              R"("users":false,"setUp":true,"may":["UsePublic"]})");
    logIn(Role::Viewer);
    EXPECT_EQ(
        answer(Method::Get, "/api/v1/session").body,
        R"({"kind":"user","user":"anna","role":"viewer","read":["**"],"write":["**"],)"
        R"("csrf":"csrf-of-cookie","expires":null,"users":true,"setUp":false,"may":["UsePublic","ReadTag",)"
        R"("ReadHistory","ReadSources","ReadMetrics","ReadDocuments","ManageOwnAccount"]})");
}

TEST_F(AccessRouteTest, LoggingInSetsACookieThatScriptsDoNotSee) {
    const auto response = answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.headers,
                Contains(Pair("Set-Cookie", "tagwire_session=cookie1; Path=/; HttpOnly; SameSite=Strict")));
    EXPECT_THAT(response.body, HasSubstr(R"("csrf":"csrf-of-cookie1")"));
    EXPECT_THAT(response.body, Not(HasSubstr(R"("cookie1")")));
    bench_.request.secure = true;
    bench_.request.origin = "https://127.0.0.1:5000";
    EXPECT_THAT(answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})").headers,
                Contains(Pair("Set-Cookie",
                              "__Host-tagwire_session=cookie2; Path=/; HttpOnly; SameSite=Strict; "
                              "Secure")));
}

TEST_F(AccessRouteTest, ANewLoginEndsTheSessionThatTheBrowserHad) {
    logIn(Role::Viewer);
    (void)answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})");
    EXPECT_THAT(access_.asked, ElementsAre("logout id-of-cookie by anna"));
}

TEST_F(AccessRouteTest, AWrongPasswordIsNobodys) {
    const auto response = answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"wrong"})");
    EXPECT_EQ(response.status, 401);
    EXPECT_THAT(response.body, HasSubstr(R"("code":"unauthorized")"));
    EXPECT_THAT(response.headers, Not(Contains(Pair("Set-Cookie", testing::_))));
}

TEST_F(AccessRouteTest, WhoIsLockedOutIsToldToComeBack) {
    access_.failure = ServiceFailure{kBadTooManyOperations, "locked for 30 s", std::chrono::seconds{30}};
    const auto response = answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})");
    EXPECT_EQ(response.status, 429);
    EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "30")));
}

TEST_F(AccessRouteTest, PagesOfOthersDoNotLogIn) {
    bench_.request.origin = "http://localhost:3000";
    EXPECT_EQ(answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})").status, 403);
    bench_.request.origin = {};
    EXPECT_EQ(answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})").status, 200)
        << "a program";
    bench_.request.contentType = "text/plain";
    EXPECT_EQ(answer(Method::Post, "/api/v1/session", R"({"user":"anna","password":"right"})").status, 400);
}

TEST_F(AccessRouteTest, LoggingOutEndsTheSessionAndForgetsTheCookie) {
    logIn(Role::Viewer);
    bench_.request.csrf = {};
    EXPECT_EQ(answer(Method::Delete, "/api/v1/session").status, 403) << "another page logs nobody out";
    bench_.request.csrf = "csrf-of-cookie";
    const auto response = answer(Method::Delete, "/api/v1/session");
    EXPECT_EQ(response.status, 204);
    EXPECT_THAT(response.headers, Contains(Pair("Set-Cookie", HasSubstr("Max-Age=0"))));
    EXPECT_THAT(access_.asked, ElementsAre("logout id-of-cookie by anna"));
}

TEST_F(AccessRouteTest, TheFirstAdministratorIsMadeBySecret) {
    EXPECT_EQ(
        answer(Method::Post, "/api/v1/setup", R"({"secret":"secret","user":"root","password":"p"})").status,
        200);
    EXPECT_EQ(
        answer(Method::Post, "/api/v1/setup", R"({"secret":"guess","user":"root","password":"p"})").status,
        401);
}

TEST_F(AccessRouteTest, OnesOwnAccount) {
    logIn(Role::Viewer);
    EXPECT_EQ(answer(Method::Put, "/api/v1/account/password", R"({"old":"a","password":"b"})").status, 204);
    EXPECT_THAT(answer(Method::Get, "/api/v1/account/sessions").body,
                HasSubstr(R"("agent":"Browser","begun":1,"seen":2,"expires":3,"current":true)"));
    EXPECT_EQ(answer(Method::Delete, "/api/v1/account/sessions/s1").status, 204);
    EXPECT_EQ(answer(Method::Get, "/api/v1/account/tokens").body, R"({"tokens":[]})");
    const auto made = answer(Method::Post, "/api/v1/account/tokens",
                             R"({"name":"script","role":"viewer","read":["A.**"],"write":[]})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body,
              R"({"token":{"id":"t1","name":"script","user":"anna","role":"viewer","read":["A.**"],)"
              R"("write":[],"created":9,"expires":null,"used":null},"secret":"twt_secret"})");
    EXPECT_EQ(answer(Method::Delete, "/api/v1/account/tokens/t1").status, 204);
    EXPECT_THAT(access_.asked, ElementsAre("password anna a b id-of-cookie by anna", "sessions of anna",
                                           "end s1 of anna by anna", "tokens of anna",
                                           "make script for anna by anna", "revoke t1 of anna by anna"));
    access_.failure = ServiceFailure{kBadUserAccessDenied, "wrong password"};
    EXPECT_EQ(answer(Method::Put, "/api/v1/account/password", R"({"old":"a","password":"b"})").status, 403);
    EXPECT_EQ(answer(Method::Get, "/api/v1/users").status, 403);
}

TEST_F(AccessRouteTest, EverybodysForAdministrators) {
    logIn(Role::Administrator);
    EXPECT_EQ(answer(Method::Get, "/api/v1/users").body,
              R"({"users":[{"name":"anna","role":"operator","read":["**"],"write":[],"disabled":false,)"
              R"("created":5,"lastLogin":null,"external":false}]})");
    EXPECT_EQ(answer(Method::Post, "/api/v1/users",
                     R"({"name":"bert","password":"p","role":"engineer","read":["**"],"write":[]})")
                  .status,
              201);
    EXPECT_EQ(answer(Method::Patch, "/api/v1/users/bert", R"({"disabled":true})").status, 200);
    EXPECT_EQ(answer(Method::Delete, "/api/v1/users/bert").status, 204);
    EXPECT_EQ(answer(Method::Get, "/api/v1/sessions").status, 200);
    EXPECT_EQ(answer(Method::Delete, "/api/v1/sessions/s1").status, 204);
    EXPECT_EQ(answer(Method::Get, "/api/v1/tokens").status, 200);
    EXPECT_EQ(answer(Method::Delete, "/api/v1/tokens/t1").status, 204);
    EXPECT_THAT(access_.asked, ElementsAre("add bert p engineer by anna", "change bert disabled by anna",
                                           "remove bert by anna", "sessions of all", "end s1 of all by anna",
                                           "tokens of all", "revoke t1 of all by anna"));
    EXPECT_EQ(answer(Method::Post, "/api/v1/users", R"({"name":"x","password":"p","role":"root","read":[]})")
                  .status,
              400);
    access_.failure = ServiceFailure{kBadEntryExists, "there is one"};
    EXPECT_THAT(answer(Method::Post, "/api/v1/users",
                       R"({"name":"bert","password":"p","role":"engineer","read":[],"write":[]})")
                    .body,
                HasSubstr("conflict"));
}

TEST_F(AccessRouteTest, TheAuditLogAsJsonAndForSpreadsheets) {
    logIn(Role::Administrator);
    EXPECT_EQ(
        answer(Method::Get,
               "/api/v1/audit?from=1000&to=2000&user=anna&action=write&text=x&outcome=failed&before=9&"
               "limit=7")
            .body,
        R"({"entries":[{"n":3,"time":1000,"user":"anna","token":"","address":"10.0.0.5","action":"write",)"
        R"("target":"=1+1","before":"1","after":"\"a,b\"","outcome":"failed","detail":"device"}],)"
        R"("more":true})");
    EXPECT_EQ(reader_.question.from, fromUnixMillis(1000));
    EXPECT_EQ(reader_.question.outcome, AuditOutcome::Failed);
    EXPECT_EQ(reader_.question.before, 9U);
    EXPECT_EQ(reader_.question.limit, 7U);
    const auto csv = answer(Method::Get, "/api/v1/audit?format=csv");
    EXPECT_THAT(csv.body, testing::StartsWith("\xEF\xBB\xBFnumber,time,user"));
    EXPECT_THAT(csv.body, HasSubstr(R"(,write,"'=1+1",1,"""a,b""",failed,device)"));
    EXPECT_EQ(csv.contentType, "text/csv; charset=utf-8");
    EXPECT_EQ(answer(Method::Get, "/api/v1/audit/verify").body,
              R"({"intact":false,"entries":3,"problem":"audit.log:2"})");
    for (const auto* wrong :
         {"?from=x", "?outcome=maybe", "?limit=0", "?limit=1001", "?format=xml", "?colour=1"})
        EXPECT_EQ(answer(Method::Get, std::string("/api/v1/audit") + wrong).status, 400) << wrong;
}

}  // namespace
}  // namespace tagwire::serve
