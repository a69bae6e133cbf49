#include "source/opcua/services/subtree_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SubtreeVariable variable(std::string path, std::uint32_t id) {
    return {std::move(path), NodeAddress{std::uint16_t{2}, id}};
}

std::vector<std::string> paths(const std::vector<SubtreeVariable>& variables) {
    std::vector<std::string> all;
    for (const SubtreeVariable& each : variables) all.push_back(each.path);
    return all;
}

TEST(LevelOf, WritesWhatTagPathsDoNotAllowInAnotherWay) {
    EXPECT_EQ(levelOf("Temp 1"), "Temp 1");
    EXPECT_EQ(levelOf("温度"), "温度");
    EXPECT_EQ(levelOf("a.b*c"), "a%2Eb%2Ac");
    EXPECT_EQ(levelOf(" a "), "%20a%20");
    EXPECT_EQ(levelOf("\n"), "%0A");
    EXPECT_EQ(levelOf("50 %"), "50 %");
    EXPECT_EQ(levelOf("%2E"), "%252E") << "not the same as a dot";
    EXPECT_EQ(levelOf(""), "_");
    for (const std::string name : {"a.b", "*", " ", "\x7f", "%2e", ""}) {
        EXPECT_TRUE(TagPath::parse(levelOf(name))) << name;
        EXPECT_EQ(levelOf(name).find('.'), std::string::npos);
    }
}

TEST(SettlePaths, NamesClashesTheSameWayWhateverTheirOrder) {
    std::vector<SubtreeVariable> one{variable("b", 1), variable("a", 7), variable("a", 3), variable("a", 5)};
    std::vector<SubtreeVariable> other{one[3], one[1], one[2], one[0]};
    EXPECT_EQ(settlePaths(one), 0U);
    settlePaths(other);
    EXPECT_EQ(one, other);
    EXPECT_EQ(one[0], variable("a", 3)) << "the lowest node id keeps the name";
    EXPECT_THAT(one[1].path, HasSubstr("a~"));
    EXPECT_NE(one[1].path, one[2].path);
    EXPECT_EQ(one[3].path, "b");

    std::vector<SubtreeVariable> later{variable("a", 3), variable("a", 7)};
    settlePaths(later);
    EXPECT_THAT(paths(one), testing::Contains(later[1].path)) << "it keeps its name when a third one goes";
}

TEST(SettlePaths, DoesNotMeetARealName) {
    std::vector<SubtreeVariable> first{variable("a", 1), variable("a", 2)};
    settlePaths(first);
    std::vector<SubtreeVariable> second{variable("a", 1), variable("a", 2), variable(first[1].path, 3)};
    settlePaths(second);
    EXPECT_THAT(paths(second), ElementsAre("a", first[1].path, first[1].path + "~2"));
}

TEST(SettlePaths, LeavesOutPathsThatAreTooLong) {
    std::vector<SubtreeVariable> variables{variable(std::string(600, 'x'), 1), variable("a", 2)};
    EXPECT_EQ(settlePaths(variables), 1U);
    EXPECT_THAT(paths(variables), ElementsAre("a"));
}

TEST(DifferenceOf, IsWhatCameWentAndMoved) {
    const std::vector<SubtreeVariable> before{variable("a", 1), variable("b", 2), variable("c", 3)};
    const std::vector<SubtreeVariable> now{variable("a", 1), variable("c", 4), variable("d", 5)};
    const SubtreeDiff diff = differenceOf(before, now, true);
    EXPECT_THAT(diff.added, ElementsAre(variable("d", 5)));
    EXPECT_THAT(diff.removed, ElementsAre(variable("b", 2)));
    EXPECT_THAT(diff.moved, ElementsAre(variable("c", 4)));
    EXPECT_TRUE(differenceOf(now, now, true).empty());
    EXPECT_EQ(differenceOf({}, now, true).added.size(), 3U);
    EXPECT_EQ(differenceOf(before, {}, true).removed.size(), 3U);
}

TEST(DifferenceOf, RemovesNothingThatMayOnlyNotHaveBeenReached) {
    const std::vector<SubtreeVariable> before{variable("a", 1), variable("b", 2)};
    const std::vector<SubtreeVariable> now{variable("b", 2), variable("c", 3)};
    const SubtreeDiff diff = differenceOf(before, now, false);
    EXPECT_THAT(diff.removed, IsEmpty());
    EXPECT_THAT(diff.added, ElementsAre(variable("c", 3)));
}

TEST(SubtreeRules, AreMadeOfOptions) {
    SubtreeOptions options;
    options.node = "/Objects/2:Line1";
    options.name = "Line1";
    options.include = {"**.Temp", "Raw.*"};
    options.exclude = {"Old.**"};
    const auto rules = SubtreeRules::of(options, "plant").value();
    EXPECT_EQ(rules.prefix, "plant.Line1.");
    EXPECT_TRUE(rules.takes("Boiler.Temp"));
    EXPECT_TRUE(rules.takes("Raw.X"));
    EXPECT_FALSE(rules.takes("Boiler.Level"));
    EXPECT_FALSE(rules.takes("Old.Temp"));
    EXPECT_TRUE(rules.excludes("Old"));
    options.name = "";
    EXPECT_EQ(SubtreeRules::of(options, "").value().prefix, "");
    options.exclude = {"a..b"};
    EXPECT_FALSE(SubtreeRules::of(options, ""));
    options.exclude = {};
    options.node = "x";
    EXPECT_FALSE(SubtreeRules::of(options, ""));
}

}  // namespace
}  // namespace tagwire::source::opcua
