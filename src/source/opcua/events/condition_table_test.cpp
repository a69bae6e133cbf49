#include "source/opcua/events/condition_table.h"

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using Taken = ConditionTable::Taken;

SharedCondition condition(const std::string& node, const std::string& eventId, bool retain = true,
                          const std::string& branch = {}, bool active = true) {
    SourceCondition made;
    made.key = {node, branch};
    made.event.id = eventId;
    made.retain = retain;
    made.active = active;
    return std::make_shared<const SourceCondition>(std::move(made));
}

TEST(ConditionTableTest, FollowsAConditionFromItsFirstEventToItsLast) {
    ConditionTable table(10);
    EXPECT_EQ(table.take(condition("a", "1")), Taken::Changed);
    EXPECT_EQ(table.take(condition("a", "1")), Taken::Known);
    EXPECT_EQ(table.take(condition("a", "2")), Taken::Renamed);
    EXPECT_EQ(table.find({"a", ""})->event.id, "2");
    EXPECT_EQ(table.take(condition("a", "3", true, "", false)), Taken::Changed);
    EXPECT_EQ(table.take(condition("a", "4", false)), Taken::Gone);
    EXPECT_EQ(table.take(condition("a", "5", false)), Taken::NotRetained);
    EXPECT_EQ(table.size(), 0U);
}

TEST(ConditionTableTest, KeepsBranchesApart) {
    ConditionTable table(10);
    EXPECT_EQ(table.take(condition("a", "1")), Taken::Changed);
    EXPECT_EQ(table.take(condition("a", "2", true, "b1")), Taken::Changed);
    EXPECT_EQ(table.take(condition("a", "3", false, "b1")), Taken::Gone);
    EXPECT_TRUE(table.contains({"a", ""}));
    EXPECT_FALSE(table.contains({"a", "b1"}));
}

TEST(ConditionTableTest, RefusesNewOnesWhenFullAndFollowsTheOldOnes) {
    ConditionTable table(2);
    EXPECT_EQ(table.take(condition("a", "1")), Taken::Changed);
    EXPECT_EQ(table.take(condition("b", "2")), Taken::Changed);
    EXPECT_EQ(table.take(condition("c", "3")), Taken::Refused);
    EXPECT_EQ(table.take(condition("a", "4", true, "", false)), Taken::Changed);
    EXPECT_EQ(table.take(condition("b", "5", false)), Taken::Gone);
    EXPECT_EQ(table.take(condition("c", "6")), Taken::Changed);
    EXPECT_EQ(table.all().size(), 2U);
}

TEST(ConditionTableTest, ARefreshLetsGoWhatItDoesNotTell) {
    ConditionTable table(10);
    for (const char* node : {"a", "b", "c"}) EXPECT_EQ(table.take(condition(node, node)), Taken::Changed);
    table.beginRefresh();
    EXPECT_EQ(table.take(condition("a", "a")), Taken::Known);
    EXPECT_EQ(table.take(condition("b", "new")), Taken::Renamed);
    EXPECT_EQ(table.take(condition("d", "d")), Taken::Changed);
    EXPECT_EQ(table.endRefresh(), (std::vector<ConditionKey>{{"c", ""}}));
    EXPECT_EQ(table.size(), 3U);
    EXPECT_TRUE(table.endRefresh().empty());
}

TEST(ConditionTableTest, TheTimesThatARefreshMakesNewAreNoChange) {
    ConditionTable table(10);
    SourceCondition first;
    first.key = {"a", ""};
    first.event.receiveTime = fromUnixMillis(1);
    SourceCondition again = first;
    again.event.receiveTime = fromUnixMillis(2);
    again.event.refreshed = true;
    EXPECT_EQ(table.take(std::make_shared<const SourceCondition>(first)), Taken::Changed);
    EXPECT_EQ(table.take(std::make_shared<const SourceCondition>(again)), Taken::Known);
}

}  // namespace
}  // namespace tagwire::source::opcua
