#include "access/gate.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tagwire::access {
namespace {

constexpr std::array kRoles{Role::Viewer, Role::Operator, Role::Engineer, Role::Administrator};

TagScope scope(std::vector<std::string> read, std::vector<std::string> write) {
    return TagScope::parse(read, write).value();
}

Principal user(std::optional<Role> role, TagScope tags = TagScope::everything()) {
    return {.kind = PrincipalKind::User,
            .user = "anna",
            .token = {},
            .role = role,
            .scopes = {std::move(tags)},
            .external = false};
}

/// One letter for each role, in rising order; a dot where it is refused. The first column is nobody known.
std::string rowOf(Action action) {
    const auto tag =
        ruleOf(action)->tags == TagUse::None ? std::nullopt : std::optional<std::string_view>("A.B");
    const auto allowed = [&](const Principal& who) {
        return Gate::decide(who, action, tag) == Decision::Allowed;
    };
    std::string row(allowed(stranger()) ? "?" : ".");
    for (const auto role : kRoles) row += allowed(user(role)) ? nameOf(role).front() : '.';
    return row;
}

// Written out once more, apart from the rules: who changes one has to change the other.
TEST(GateTest, TheTableOfActions) {
    const std::vector<std::pair<Action, std::string>> expected{
        {Action::UsePublic, "?voea"},          {Action::ReadTag, ".voea"},
        {Action::ReadHistory, ".voea"},        {Action::ReadSources, ".voea"},
        {Action::ReadMetrics, ".voea"},        {Action::ReadDocuments, ".voea"},
        {Action::WriteTag, "..oea"},           {Action::AcknowledgeAlarm, "..oea"},
        {Action::BrowseAddressSpace, "...ea"}, {Action::ManageCertificates, "...ea"},
        {Action::ReadConfiguration, "...ea"},  {Action::ChangeConfiguration, "...ea"},
        {Action::ManageOwnAccount, ".voea"},   {Action::ManageUsers, "....a"},
        {Action::ReadAudit, "....a"},
    };
    ASSERT_EQ(expected.size(), actionRules().size());
    for (const auto& [action, row] : expected) EXPECT_EQ(rowOf(action), row) << ruleOf(action)->name;
}

TEST(GateTest, WhatIsNoActionIsForNobody) {
    const auto unknown = static_cast<Action>(200);
    EXPECT_EQ(Gate::decide(user(Role::Administrator), unknown, "A"), Decision::Forbidden);
    EXPECT_EQ(Gate::mayBegin(stranger(), unknown), Decision::Forbidden);
}

TEST(GateTest, WhoeverIsUnknownIsAskedToLogInAndWhoeverIsKnownIsRefused) {
    EXPECT_EQ(Gate::decide(stranger(), Action::ReadTag, "A"), Decision::LoginNeeded);
    EXPECT_EQ(Gate::decide(anonymous(Role::Viewer), Action::WriteTag, "A"), Decision::LoginNeeded);
    EXPECT_EQ(Gate::decide(user(Role::Viewer), Action::WriteTag, "A"), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(user(std::nullopt), Action::ReadTag, "A"), Decision::Forbidden);
}

TEST(GateTest, NobodyUnknownChangesThePlantWhateverRoleHeIsGiven) {
    const auto unknown = anonymous(Role::Administrator);
    for (const auto& rule : actionRules()) {
        if (rule.needs != Needs::Login && rule.needs != Needs::Person) continue;
        EXPECT_EQ(Gate::decide(unknown, rule.action, "A"), Decision::LoginNeeded) << rule.name;
    }
    EXPECT_EQ(Gate::decide(unknown, Action::ReadTag, "A"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(unknown, Action::BrowseAddressSpace), Decision::Allowed);
}

TEST(GateTest, ATokenDoesNotWidenWhatTokensMayDo) {
    const auto token =
        narrowed(user(Role::Administrator), "script", Role::Administrator, TagScope::everything());
    EXPECT_EQ(Gate::decide(token, Action::ManageOwnAccount), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(token, Action::ManageUsers), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(token, Action::ReadAudit), Decision::Allowed);
}

TEST(GateTest, TagsCountByTheirPatterns) {
    const auto anna =
        user(Role::Operator, scope({"Line1.**", "Weather.*"}, {"Line1.*.SetPoint", "Line2.**"}));
    EXPECT_EQ(Gate::decide(anna, Action::ReadTag, "Line1.Oven.Temperature"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(anna, Action::ReadHistory, "Weather.Wind"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(anna, Action::ReadTag, "Weather.Wind.Gust"), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(anna, Action::WriteTag, "Line1.Oven.SetPoint"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(anna, Action::WriteTag, "Line1.Oven.Temperature"), Decision::Forbidden);
    // Writable, but not readable.
    EXPECT_EQ(Gate::decide(anna, Action::WriteTag, "Line2.Oven.SetPoint"), Decision::Forbidden);
}

TEST(GateTest, WithoutATagAnActionAboutTagsIsRefused) {
    for (const auto& rule : actionRules()) {
        if (rule.tags == TagUse::None) continue;
        EXPECT_EQ(Gate::decide(user(Role::Administrator), rule.action), Decision::Forbidden) << rule.name;
        EXPECT_EQ(Gate::mayBegin(user(Role::Administrator), rule.action), Decision::Allowed) << rule.name;
    }
}

TEST(GateTest, WithoutAScopeThereIsNoTag) {
    auto nobody = user(Role::Administrator);
    nobody.scopes.clear();
    EXPECT_EQ(Gate::decide(nobody, Action::ReadTag, "A"), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(user(Role::Administrator, {}), Action::ReadTag, "A"), Decision::Forbidden);
}

TEST(GateTest, ATokenReachesNoFurtherThanItsUserNorThanItself) {
    const auto anna = user(Role::Operator, scope({"Line1.**"}, {"Line1.**"}));
    const auto token = narrowed(anna, "script", Role::Administrator, scope({"**"}, {"Line1.A"}));
    EXPECT_EQ(token.role, Role::Operator);
    EXPECT_EQ(Gate::decide(token, Action::ReadTag, "Line1.B"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(token, Action::ReadTag, "Line2.B"), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(token, Action::WriteTag, "Line1.A"), Decision::Allowed);
    EXPECT_EQ(Gate::decide(token, Action::WriteTag, "Line1.B"), Decision::Forbidden);
    EXPECT_EQ(Gate::decide(narrowed(anna, "reader", Role::Viewer, TagScope::everything()), Action::WriteTag,
                           "Line1.A"),
              Decision::Forbidden);
    EXPECT_EQ(narrowed(user(std::nullopt), "none", Role::Administrator, TagScope::everything()).role,
              std::nullopt);
}

// Of principals at random: a higher role never loses anything, narrowing never wins anything, and who may
// write a tag may read it.
TEST(GateTest, Properties) {
    const std::vector<std::string> patterns{"**", "A.**", "A.*", "B", "*.X", "A.B.C", "**.C", "Z*"};
    const std::vector<std::string> tags{"A", "B", "A.B", "A.X", "A.B.C", "Z1", "Z1.C"};
    std::mt19937 random(7);
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const auto anyScope = [&] {
        std::vector<std::string> lists[2];
        for (auto& list : lists) {
            for (auto left = below(4); left > 0; --left) list.push_back(patterns[below(patterns.size())]);
        }
        return scope(lists[0], lists[1]);
    };
    const auto allowed = [](const Principal& who, Action action, const std::string& tag) {
        return Gate::decide(who, action, tag) == Decision::Allowed;
    };
    std::size_t granted = 0;
    for (int round = 0; round < 2000; ++round) {
        const auto lower = below(kRoles.size());
        const auto base = user(kRoles[lower], anyScope());
        auto raised = base;
        raised.role = kRoles[lower + below(kRoles.size() - lower)];
        const auto token = narrowed(base, "t", kRoles[below(kRoles.size())], anyScope());
        const auto& tag = tags[below(tags.size())];
        for (const auto& rule : actionRules()) {
            const bool may = allowed(base, rule.action, tag);
            granted += may && rule.tags != TagUse::None ? 1 : 0;
            EXPECT_LE(may, allowed(raised, rule.action, tag));
            EXPECT_LE(allowed(token, rule.action, tag), may);
            if (may) {
                EXPECT_EQ(Gate::mayBegin(base, rule.action), Decision::Allowed);
            }
        }
        EXPECT_LE(allowed(base, Action::WriteTag, tag), allowed(base, Action::ReadTag, tag));
    }
    EXPECT_GT(granted, 1000U) << "too few of the cases were about something allowed";
}

TEST(TagScopeTest, AWrongPatternIsNamed) {
    const std::vector<std::string> wrong{"A.**", "A..B"};
    const auto parsed = TagScope::parse(wrong, {});
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().message.find("'A..B'"), std::string::npos) << parsed.error().message;
    const std::vector<std::string> many(TagScope::kMaxPatterns + 1, "A");
    EXPECT_FALSE(TagScope::parse({}, many));
}

TEST(RoleTest, NamesAreReadBack) {
    for (const auto role : kRoles) EXPECT_EQ(parseRole(nameOf(role)), role);
    EXPECT_FALSE(parseRole("root"));
    EXPECT_FALSE(parseRole("Viewer"));
    EXPECT_FALSE(parseRole(""));
}

}  // namespace
}  // namespace tagwire::access
