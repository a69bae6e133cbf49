// Users for whom a provider vouches: made, followed, refused, and never confused with others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/access_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ExternalLogins : public testing::Test {
protected:
    static ExternalUser user(const std::string& name, Role role, const std::string& subject = {}) {
        return {.issuer = "https://id.example.com",
                .subject = subject.empty() ? "subject of " + name : subject,
                .name = name,
                .role = role};
    }
    LoginOutcome login(Result<ExternalUser, ExternalRefusal> said, const std::string& address = "10.0.0.9") {
        auto outcome = answerOf<LoginOutcome>([&](auto answer) {
            access_.service().loginExternal({.user = std::move(said), .address = address, .agent = "test"},
                                            std::move(answer));
        });
        return outcome ? *std::move(outcome) : LoginOutcome(tl::unexpected(LoginProblem::Failed));
    }
    std::string problem(const LoginOutcome& outcome) {
        return outcome ? "none" : std::string(nameOf(outcome.error()));
    }
    UserRecord record(const std::string& name) {
        const auto users = answerOf<std::vector<UserRecord>>(
            [&](auto answer) { access_.service().users(std::move(answer)); });
        for (const auto& each : *users) {
            if (each.name == name) return each;
        }
        return {};
    }

    AccessFixture access_;
};

TEST_F(ExternalLogins, TheFirstMakesTheUser) {
    ASSERT_TRUE(access_.setUp());
    const auto begun = login(user("anna", Role::Operator));
    ASSERT_TRUE(begun);
    const auto& principal = begun->grant->principal();
    EXPECT_EQ(principal.user, "anna");
    EXPECT_EQ(principal.role, Role::Operator);
    EXPECT_TRUE(access_.service().session(begun->cookie, access_.now()));
    const auto anna = record("anna");
    EXPECT_TRUE(anna.external);
    EXPECT_THAT(anna.read, ElementsAre("**"));
    EXPECT_THAT(anna.write, ElementsAre("**"));
    EXPECT_EQ(anna.lastLogin, access_.now());
    EXPECT_FALSE(record("root").external);
    const auto lines = access_.trail().lines();
    EXPECT_THAT(lines, Contains("user.add anna done"));
    EXPECT_EQ(lines.back(), "login anna done");
    EXPECT_EQ(access_.trail().last().user, "anna");
    EXPECT_EQ(access_.trail().last().address, "10.0.0.9");
    access_.restart();
    EXPECT_TRUE(record("anna").external);
    EXPECT_TRUE(login(user("anna", Role::Operator)));
}

TEST_F(ExternalLogins, LaterOnesFollowTheRoleAndNothingElse) {
    ASSERT_TRUE(access_.setUp());
    const auto first = login(user("anna", Role::Viewer));
    EXPECT_THAT(record("anna").write, IsEmpty());
    EXPECT_TRUE(login(user("anna", Role::Engineer)));
    EXPECT_EQ(record("anna").role, Role::Engineer);
    EXPECT_THAT(record("anna").write, ElementsAre("**"));
    EXPECT_THAT(access_.trail().lines(), Contains("user.change anna done"));
    EXPECT_FALSE(first->grant->stands(access_.now())) << "what another role gave has ended";
    ASSERT_TRUE(access_.change({.name = "anna", .read = {{"Line1.**"}}, .write = {{"Line1.SP"}}}));
    EXPECT_TRUE(login(user("anna", Role::Operator)));
    EXPECT_EQ(record("anna").role, Role::Operator);
    EXPECT_THAT(record("anna").read, ElementsAre("Line1.**"));
    EXPECT_THAT(record("anna").write, ElementsAre("Line1.SP"));
    const auto before = access_.trail().lines().size();
    EXPECT_TRUE(login(user("anna", Role::Operator)));
    EXPECT_EQ(access_.trail().lines().size(), before + 1) << "the login alone";
}

TEST_F(ExternalLogins, TheNameIsOnlyWhatTheUserIsCalledAtFirst) {
    ASSERT_TRUE(access_.setUp());
    ASSERT_TRUE(login(user("anna", Role::Viewer, "7")));
    const auto renamed = login(user("anna.smith", Role::Viewer, "7"));
    ASSERT_TRUE(renamed);
    EXPECT_EQ(renamed->grant->principal().user, "anna");
    EXPECT_EQ(problem(login(user("Anna", Role::Administrator, "8"))), "name_taken") << "somebody else";
    auto other = user("anna", Role::Administrator, "7");
    other.issuer = "https://other.example.com";
    EXPECT_EQ(problem(login(other)), "name_taken") << "of another provider";
    EXPECT_EQ(record("anna").role, Role::Viewer);
}

TEST_F(ExternalLogins, AUserWithAPasswordIsSomebodyElse) {
    ASSERT_TRUE(access_.setUp());
    ASSERT_TRUE(access_.add("bert"));
    EXPECT_EQ(problem(login(user("BERT", Role::Administrator))), "name_taken");
    EXPECT_EQ(problem(login(user("root", Role::Administrator))), "name_taken");
    EXPECT_EQ(record("bert").role, Role::Operator);
    EXPECT_EQ(access_.trail().lines().back(), "login root refused");
    EXPECT_THAT(access_.trail().last().detail, HasSubstr("let the provider call this one otherwise"));
}

TEST_F(ExternalLogins, HaveNoPassword) {
    ASSERT_TRUE(access_.setUp());
    const auto begun = login(user("anna", Role::Operator));
    for (const auto* guess : {"", "oidc:", "oidc:https://id.example.com subject of anna"})
        EXPECT_EQ(access_.login("anna", guess, "10.0.0.7").error().status, kBadUserAccessDenied);
    const auto own = answerOf<bool>([&](auto answer) {
        access_.service().changeOwnPassword("anna", "oidc:https://id.example.com subject of anna",
                                            AccessFixture::kPassword, begun->grant->id(), {.user = "anna"},
                                            std::move(answer));
    });
    EXPECT_EQ(own.error().status, kBadInvalidState);
    EXPECT_THAT(own.error().message, HasSubstr("change it there"));
    const auto set = access_.change({.name = "anna", .password = AccessFixture::kPassword});
    EXPECT_EQ(set.error().status, kBadInvalidState);
    EXPECT_EQ(access_.change({.name = "anna", .role = Role::Administrator}).error().status, kBadInvalidState);
    EXPECT_TRUE(access_.change({.name = "anna", .role = Role::Operator, .disabled = false}));
}

TEST_F(ExternalLogins, WhoeverIsDisabledIsNotLetIn) {
    ASSERT_TRUE(access_.setUp());
    ASSERT_TRUE(login(user("anna", Role::Operator)));
    ASSERT_TRUE(access_.change({.name = "anna", .disabled = true}));
    EXPECT_EQ(problem(login(user("anna", Role::Administrator))), "disabled");
    EXPECT_EQ(record("anna").role, Role::Operator);
    ASSERT_TRUE(answerOf<bool>([&](auto answer) {
        access_.service().removeUser("anna", AccessFixture::kAdmin, std::move(answer));
    }));
    EXPECT_TRUE(login(user("anna", Role::Viewer))) << "as somebody new";
}

TEST_F(ExternalLogins, TheFirstUserOfAllIsAnAdministrator) {
    EXPECT_EQ(problem(login(user("anna", Role::Engineer))), "first_user");
    EXPECT_FALSE(access_.service().hasUsers());
    EXPECT_TRUE(login(user("anna", Role::Administrator)));
    EXPECT_TRUE(access_.service().hasUsers());
    EXPECT_EQ(access_.service().setUpSecret(), "");
    // What the provider takes away is gone, also the last.
    EXPECT_TRUE(login(user("anna", Role::Viewer)));
    EXPECT_EQ(record("anna").role, Role::Viewer);
}

TEST_F(ExternalLogins, NamesAreAsEverybodys) {
    ASSERT_TRUE(access_.setUp());
    for (const auto* name : {"", "anna smith", "../x", "安娜", ".anna", "console:root"})
        EXPECT_EQ(problem(login(user(name, Role::Viewer, "7"))), "bad_name") << name;
}

TEST_F(ExternalLogins, NothingIsGivenThatCannotBeWrittenDown) {
    ASSERT_TRUE(access_.setUp());
    ASSERT_TRUE(login(user("anna", Role::Operator)));
    access_.trail().isReady = false;
    EXPECT_EQ(problem(login(user("bert", Role::Viewer))), "failed");
    EXPECT_EQ(problem(login(user("anna", Role::Engineer))), "failed");
    EXPECT_EQ(record("anna").role, Role::Operator);
    EXPECT_TRUE(login(user("anna", Role::Viewer))) << "less is always possible";
    EXPECT_EQ(record("anna").role, Role::Viewer);
}

TEST_F(ExternalLogins, RefusalsAreWrittenDownAndCountAsFailedLogins) {
    ASSERT_TRUE(access_.setUp());
    const auto refused = [](LoginProblem problem) {
        return tl::unexpected(ExternalRefusal{.problem = problem, .detail = "the reason", .name = "anna"});
    };
    EXPECT_EQ(problem(login(refused(LoginProblem::NoRole))), "no_role");
    EXPECT_EQ(access_.trail().lines().back(), "login anna refused");
    EXPECT_EQ(access_.trail().last().detail, "the reason");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(problem(login(refused(LoginProblem::Provider))), "provider");
    EXPECT_EQ(access_.trail().lines().back(), "login anna failed") << "no guess of anybody's";
    for (int i = 0; i < 9; ++i) EXPECT_EQ(problem(login(refused(LoginProblem::Stale))), "stale");
    EXPECT_THAT(access_.trail().last().detail, HasSubstr("no further one for"));
    EXPECT_EQ(problem(login(user("anna", Role::Viewer))), "locked");
    const auto may =
        answerOf<bool>([&](auto answer) { access_.service().mayLogIn("10.0.0.9", std::move(answer)); });
    EXPECT_EQ(may.error().status, kBadTooManyOperations);
    EXPECT_TRUE(login(user("anna", Role::Viewer), "10.0.0.8")) << "another address";
    access_.pass(std::chrono::seconds{10});
    EXPECT_TRUE(login(user("anna", Role::Viewer)));
}

}  // namespace
}  // namespace tagwire::access
