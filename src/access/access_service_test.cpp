#include "access/access_service.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/access_testing.h"
#include "access/account_rules.h"
#include "access/gate.h"
#include "access/secret.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class AccessServiceTest : public testing::Test {
protected:
    /// With the administrator `root`, who is logged in, and the operator `anna`, who is not.
    void begin() {
        const auto made = fixture_.setUp();
        ASSERT_TRUE(made) << made.error().message;
        root_ = *made;
        const auto added = fixture_.add("anna");
        ASSERT_TRUE(added) << added.error().message;
    }
    [[nodiscard]] SharedGrant session(const LoggedIn& login) {
        return fixture_.service().session(login.cookie, fixture_.now());
    }
    [[nodiscard]] LoggedIn loggedIn(const std::string& user) {
        auto login = fixture_.login(user);
        EXPECT_TRUE(login) << login.error().message;
        return *login;
    }
    [[nodiscard]] std::vector<SessionRecord> sessions(std::optional<std::string> user = {}) {
        return *answerOf<std::vector<SessionRecord>>(
            [&](auto answer) { fixture_.service().sessions(user, std::move(answer)); });
    }
    [[nodiscard]] std::vector<TokenRecord> tokens() {
        return *answerOf<std::vector<TokenRecord>>(
            [&](auto answer) { fixture_.service().tokens({}, std::move(answer)); });
    }
    [[nodiscard]] ServiceResult<bool> remove(const std::string& user) {
        return answerOf<bool>([&](auto answer) {
            fixture_.service().removeUser(user, AccessFixture::kAdmin, std::move(answer));
        });
    }

    AccessFixture fixture_;
    AccessService& service() { return fixture_.service(); }
    LoggedIn root_;
};

TEST_F(AccessServiceTest, TheFirstAdministratorComesByTheLinkOfTheConsole) {
    EXPECT_FALSE(service().hasUsers());
    const auto secret = service().setUpSecret();
    EXPECT_TRUE(looksLikeSecret(secret));
    const auto wrong = answerOf<LoggedIn>([&](auto answer) {
        service().setUp({.secret = newSecret(),
                         .user = "mallory",
                         .password = AccessFixture::kPassword,
                         .address = "10.0.0.9",
                         .agent = {}},
                        std::move(answer));
    });
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().status, kBadUserAccessDenied);
    EXPECT_FALSE(service().hasUsers());
    const auto made = fixture_.setUp();
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->grant->principal().role, Role::Administrator);
    EXPECT_EQ(session(*made), made->grant);
    EXPECT_TRUE(service().hasUsers());
    EXPECT_EQ(service().setUpSecret(), "") << "used once";
    EXPECT_EQ(fixture_.setUp("second").error().status, kBadInvalidState);
    fixture_.restart();
    EXPECT_TRUE(service().hasUsers());
    EXPECT_EQ(service().setUpSecret(), "");
}

TEST_F(AccessServiceTest, LoginGivesASessionOfItsOwnEachTime) {
    begin();
    const auto first = loggedIn("anna");
    const auto second = loggedIn("ANNA");
    EXPECT_NE(first.cookie, second.cookie);
    EXPECT_EQ(second.grant->principal().user, "anna") << "as it was written when the user was made";
    EXPECT_EQ(Gate::decide(first.grant->principal(), Action::WriteTag, "Line1.A"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(first.grant->principal(), Action::WriteTag, "Line2.A"), Decision::Forbidden);
    EXPECT_EQ(sessions("anna").size(), 2U);
    EXPECT_FALSE(first.grant->csrf().empty());
    EXPECT_NE(first.grant->csrf(), second.grant->csrf());
    EXPECT_EQ(service().session(newSecret(), fixture_.now()), nullptr);
    EXPECT_EQ(service().session("", fixture_.now()), nullptr);
    EXPECT_EQ(service().token(first.cookie, fixture_.now()), nullptr);
}

TEST_F(AccessServiceTest, WhoIsWrongIsNotToldWhat) {
    begin();
    ASSERT_TRUE(fixture_.add("off"));
    ASSERT_TRUE(fixture_.change({.name = "off", .disabled = true}));
    const auto password = fixture_.login("anna", "wrong password!");
    const auto user = fixture_.login("nobody");
    const auto disabled = fixture_.login("off");
    for (const auto* each : {&password, &user, &disabled}) {
        ASSERT_FALSE(*each);
        EXPECT_EQ(each->error().status, kBadUserAccessDenied);
        EXPECT_EQ(each->error().message, std::string(kWrongLogin));
    }
    EXPECT_THAT(fixture_.trail().lines(), Contains("login anna refused"));
    EXPECT_EQ(fixture_.trail().last().user, "") << "who was not let in is nobody";
}

TEST_F(AccessServiceTest, WhoGuessesWaitsLongerAndLonger) {
    begin();
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(fixture_.login("anna", "wrong password!").error().status, kBadUserAccessDenied);
    const auto locked = fixture_.login("Anna");
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().status, kBadTooManyOperations);
    EXPECT_THAT(locked.error().message, HasSubstr("1 s"));
    EXPECT_EQ(locked.error().retryAfter, std::chrono::seconds{1});
    EXPECT_TRUE(fixture_.login("root")) << "only anna is being guessed at";
    fixture_.pass(1s);
    EXPECT_EQ(fixture_.login("anna", "wrong password!").error().status, kBadUserAccessDenied);
    EXPECT_THAT(fixture_.login("anna").error().message, HasSubstr("2 s"));
    fixture_.pass(2s);
    EXPECT_TRUE(fixture_.login("anna")) << "the right one opens, and forgives";
    EXPECT_EQ(fixture_.login("anna", "wrong password!").error().status, kBadUserAccessDenied);
    EXPECT_TRUE(fixture_.login("anna"));
    EXPECT_EQ(service().status().lockOuts, 2U);
}

TEST_F(AccessServiceTest, AnAddressThatTriesManyNamesWaitsToo) {
    begin();
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(fixture_.login("user" + std::to_string(i), AccessFixture::kPassword, "10.0.0.66"));
    EXPECT_EQ(fixture_.login("anna", AccessFixture::kPassword, "10.0.0.66").error().status,
              kBadTooManyOperations);
    EXPECT_TRUE(fixture_.login("anna", AccessFixture::kPassword, "10.0.0.67"));
}

TEST_F(AccessServiceTest, SessionsOutliveARestart) {
    begin();
    const auto anna = loggedIn("anna");
    fixture_.pass(600s);
    ASSERT_NE(session(anna), nullptr);
    fixture_.restart();
    const auto again = session(anna);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->id(), anna.grant->id());
    EXPECT_EQ(again->csrf(), anna.grant->csrf());
    EXPECT_EQ(toUnixMillis(sessions("anna").at(0).seen), toUnixMillis(fixture_.now()));
}

TEST_F(AccessServiceTest, IdleSessionsEndAndOpenOnesDoNot) {
    begin();
    auto anna = loggedIn("anna");
    root_.grant.reset();
    fixture_.pass(59min);
    fixture_.settle();  // a connection of anna's is open: her grant is held
    fixture_.pass(59min);
    EXPECT_EQ(session(root_), nullptr) << "idle for two hours, whether or not the thread saw it";
    fixture_.settle();
    EXPECT_TRUE(anna.grant->stands(fixture_.now()));
    EXPECT_EQ(sessions().size(), 1U);
    EXPECT_THAT(fixture_.trail().lines(), Contains("session.expire root done"));
    anna.grant.reset();
    fixture_.pass(60min);
    fixture_.settle();
    EXPECT_EQ(session(anna), nullptr);
    EXPECT_TRUE(sessions().empty());
}

TEST_F(AccessServiceTest, NoSessionIsOlderThanAllowed) {
    begin();
    const auto anna = loggedIn("anna");
    fixture_.pass(12h);
    EXPECT_FALSE(anna.grant->stands(fixture_.now()));
    EXPECT_EQ(session(anna), nullptr);
}

TEST_F(AccessServiceTest, LogoutAndEndingASessionEndTheGrant) {
    begin();
    const auto first = loggedIn("anna");
    const auto second = loggedIn("anna");
    const auto out = answerOf<bool>([&](auto answer) {
        service().logout(first.grant->id(), {.user = "anna", .token = {}, .address = {}}, std::move(answer));
    });
    EXPECT_TRUE(out);
    EXPECT_FALSE(first.grant->stands(fixture_.now()));
    EXPECT_EQ(session(first), nullptr);
    EXPECT_NE(session(second), nullptr);
    const auto ofAnother = answerOf<bool>([&](auto answer) {
        service().endSession(second.grant->id(), "root", AccessFixture::kAdmin, std::move(answer));
    });
    EXPECT_EQ(ofAnother.error().status, kBadNotFound);
    EXPECT_TRUE(second.grant->stands(fixture_.now()));
    EXPECT_TRUE(answerOf<bool>([&](auto answer) {
        service().endSession(second.grant->id(), {}, AccessFixture::kAdmin, std::move(answer));
    }));
    EXPECT_FALSE(second.grant->stands(fixture_.now()));
}

TEST_F(AccessServiceTest, ANewPasswordEndsEveryOtherSession) {
    begin();
    const auto kept = loggedIn("anna");
    const auto other = loggedIn("anna");
    const Asking asking{.user = "anna", .token = {}, .address = "10.0.0.1"};
    const auto changeTo = [&](const std::string& old, const std::string& password) {
        return answerOf<bool>([&](auto answer) {
            service().changeOwnPassword("anna", old, password, kept.grant->id(), asking, std::move(answer));
        });
    };
    EXPECT_EQ(changeTo("wrong password!", "another good one").error().status, kBadUserAccessDenied);
    EXPECT_EQ(changeTo(AccessFixture::kPassword, "short").error().status, kBadInvalidArgument);
    EXPECT_TRUE(other.grant->stands(fixture_.now()));
    ASSERT_TRUE(changeTo(AccessFixture::kPassword, "another good one"));
    EXPECT_TRUE(kept.grant->stands(fixture_.now()));
    EXPECT_FALSE(other.grant->stands(fixture_.now()));
    EXPECT_FALSE(fixture_.login("anna"));
    EXPECT_TRUE(fixture_.login("anna", "another good one"));
}

TEST_F(AccessServiceTest, WhatAUserMayDoCountsAtOnce) {
    begin();
    const auto anna = loggedIn("anna");
    const auto token = fixture_.makeToken("anna", Role::Operator);
    ASSERT_TRUE(token) << token.error().message;
    const auto before = service().token(token->secret, fixture_.now());
    ASSERT_NE(before, nullptr);
    ASSERT_TRUE(fixture_.change({.name = "anna", .role = Role::Viewer}));
    EXPECT_FALSE(anna.grant->stands(fixture_.now()));
    EXPECT_FALSE(before->stands(fixture_.now()));
    const auto after = service().token(token->secret, fixture_.now());
    ASSERT_NE(after, nullptr) << "the token goes on, with less";
    EXPECT_EQ(after->principal().role, Role::Viewer);
    ASSERT_TRUE(fixture_.change({.name = "anna", .disabled = true}));
    EXPECT_FALSE(after->stands(fixture_.now()));
    EXPECT_EQ(service().token(token->secret, fixture_.now()), nullptr);
    ASSERT_TRUE(fixture_.change({.name = "anna", .disabled = false}));
    EXPECT_NE(service().token(token->secret, fixture_.now()), nullptr);
    ASSERT_TRUE(remove("anna"));
    EXPECT_EQ(service().token(token->secret, fixture_.now()), nullptr);
    EXPECT_TRUE(tokens().empty());
}

TEST_F(AccessServiceTest, OthersAreNotDisturbed) {
    begin();
    const auto anna = loggedIn("anna");
    ASSERT_TRUE(fixture_.add("bert"));
    ASSERT_TRUE(fixture_.change({.name = "bert", .role = Role::Viewer}));
    EXPECT_TRUE(anna.grant->stands(fixture_.now()));
    EXPECT_EQ(session(anna), anna.grant);
}

TEST_F(AccessServiceTest, TokensReachNoFurtherThanTheirUser) {
    begin();
    EXPECT_EQ(fixture_.makeToken("anna", Role::Engineer).error().status, kBadInvalidArgument);
    EXPECT_EQ(fixture_.makeToken("nobody").error().status, kBadNotFound);
    const auto token = answerOf<MadeToken>([&](auto answer) {
        service().makeToken({.name = "script",
                             .user = "Anna",
                             .role = Role::Operator,
                             .read = {"**"},
                             .write = {"**"},
                             .expires = fixture_.now() + 1h},
                            AccessFixture::kAdmin, std::move(answer));
    });
    ASSERT_TRUE(token) << token.error().message;
    EXPECT_TRUE(looksLikeToken(token->secret));
    EXPECT_EQ(token->record.user, "anna");
    const auto grant = service().token(token->secret, fixture_.now());
    ASSERT_NE(grant, nullptr);
    EXPECT_EQ(grant->principal().kind, PrincipalKind::Token);
    EXPECT_EQ(grant->csrf(), "");
    EXPECT_EQ(Gate::decide(grant->principal(), Action::WriteTag, "Line2.A"), Decision::Forbidden);
    EXPECT_EQ(fixture_.makeToken("anna").error().status, kBadEntryExists);
    fixture_.pass(1800s);
    ASSERT_NE(service().token(token->secret, fixture_.now()), nullptr);
    EXPECT_EQ(tokens().at(0).used, fixture_.now());
    fixture_.pass(1800s);
    EXPECT_EQ(service().token(token->secret, fixture_.now()), nullptr) << "expired";
    EXPECT_FALSE(grant->stands(fixture_.now()));
}

TEST_F(AccessServiceTest, ARevokedTokenIsDeadAtOnce) {
    begin();
    const auto token = fixture_.makeToken("anna");
    const auto grant = service().token(token->secret, fixture_.now());
    const auto revoke = [&](std::optional<std::string> of) {
        return answerOf<bool>([&](auto answer) {
            service().revokeToken(token->record.id, std::move(of), AccessFixture::kAdmin, std::move(answer));
        });
    };
    EXPECT_EQ(revoke("root").error().status, kBadNotFound) << "not one of root's";
    EXPECT_TRUE(revoke("anna"));
    EXPECT_FALSE(grant->stands(fixture_.now()));
    EXPECT_EQ(service().token(token->secret, fixture_.now()), nullptr);
}

TEST_F(AccessServiceTest, TheLastAdministratorStays) {
    begin();
    EXPECT_EQ(remove("root").error().status, kBadInvalidState);
    EXPECT_EQ(fixture_.change({.name = "root", .role = Role::Engineer}).error().status, kBadInvalidState);
    EXPECT_EQ(fixture_.change({.name = "root", .disabled = true}).error().status, kBadInvalidState);
    EXPECT_TRUE(root_.grant->stands(fixture_.now())) << "nothing was changed";
    ASSERT_TRUE(fixture_.add("second", Role::Administrator));
    EXPECT_TRUE(remove("root"));
    EXPECT_EQ(remove("second").error().status, kBadInvalidState);
    EXPECT_THAT(fixture_.trail().lines(), Contains("user.remove second refused"));
}

TEST_F(AccessServiceTest, ThereAreBounds) {
    begin();
    std::vector<LoggedIn> logins;
    for (std::size_t i = 0; i <= kMaxSessionsPerUser; ++i) {
        fixture_.pass(1s);
        logins.push_back(loggedIn("anna"));
    }
    EXPECT_EQ(sessions("anna").size(), kMaxSessionsPerUser);
    EXPECT_FALSE(logins.front().grant->stands(fixture_.now())) << "the oldest goes";
    EXPECT_TRUE(logins[1].grant->stands(fixture_.now()));
    for (std::size_t i = 0; i < kMaxTokensPerUser; ++i)
        ASSERT_TRUE(fixture_.makeToken("anna", Role::Viewer, "t" + std::to_string(i)));
    EXPECT_EQ(fixture_.makeToken("anna", Role::Viewer, "more").error().status, kBadInvalidArgument);
}

TEST_F(AccessServiceTest, WrongArgumentsAreRefused) {
    begin();
    EXPECT_EQ(fixture_.add("ANNA").error().status, kBadEntryExists);
    EXPECT_EQ(fixture_.add("a b").error().status, kBadInvalidArgument);
    EXPECT_EQ(fixture_.add("bert", Role::Viewer, "password123").error().status, kBadInvalidArgument);
    EXPECT_EQ(fixture_.change({.name = "anna", .read = std::vector<std::string>{"A..B"}}).error().status,
              kBadInvalidArgument);
    EXPECT_EQ(fixture_.change({.name = "nobody"}).error().status, kBadNotFound);
}

TEST_F(AccessServiceTest, NobodyIsGivenAnythingUnrecorded) {
    begin();
    fixture_.trail().isReady = false;
    EXPECT_EQ(fixture_.add("bert").error().status, kBadInternalError);
    EXPECT_EQ(fixture_.makeToken("anna").error().status, kBadInternalError);
    EXPECT_TRUE(fixture_.login("anna")) << "who has to look why can get in";
    EXPECT_TRUE(remove("anna")) << "what takes something away is always done";
}

TEST_F(AccessServiceTest, PasswordsAndSecretsAreNotInTheFile) {
    begin();
    const auto anna = loggedIn("anna");
    const auto token = fixture_.makeToken("anna");
    fixture_.end();
    std::string bytes;
    for (const auto& each : std::filesystem::directory_iterator(fixture_.file().parent_path())) {
        std::ifstream in(each.path(), std::ios::binary);
        bytes.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    EXPECT_THAT(bytes, HasSubstr("anna"));
    EXPECT_THAT(bytes, Not(HasSubstr(AccessFixture::kPassword)));
    EXPECT_THAT(bytes, Not(HasSubstr(anna.cookie)));
    EXPECT_THAT(bytes, Not(HasSubstr(token->secret.substr(kTokenPrefix.size()))));
}

TEST_F(AccessServiceTest, WhatTheConsoleChangesCountsInTheServer) {
    begin();
    const auto anna = loggedIn("anna");
    Accounts console(fixture_.file().parent_path(), PasswordHasher({.passes = 1, .memoryBytes = 8192}),
                     fixture_.trail());
    ASSERT_TRUE(console.open());
    ASSERT_TRUE(console.changeUser({.name = "anna", .role = Role::Viewer}, {}, fixture_.now()));
    ASSERT_TRUE(console.addUser({.name = "bert", .role = Role::Viewer, .read = {"**"}},
                                AccessFixture::kPassword, {}, fixture_.now()));
    fixture_.settle();
    EXPECT_FALSE(anna.grant->stands(fixture_.now()));
    EXPECT_EQ(session(anna), nullptr);
    EXPECT_TRUE(fixture_.login("bert"));
}

TEST_F(AccessServiceTest, AfterItStoppedItSaysSo) {
    begin();
    fixture_.end();
    const auto late = std::make_shared<std::optional<StatusCode>>();
    service().users([late](auto result) { *late = result ? StatusCode{} : result.error().status; });
    EXPECT_FALSE(late->has_value()) << "it waits";
    service().stop();
    EXPECT_EQ(*late, kBadShutdown);
}

}  // namespace
}  // namespace tagwire::access
