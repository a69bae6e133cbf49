#include "source/opcua/events/event_fields.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

TEST(EventSelectionTest, AsksForEveryFieldByItsTypeAndPath) {
    const auto selection = EventSelection::full();
    const auto filter = selection.filter();
    ASSERT_EQ(filter->selectClausesSize, selection.fields().size());
    EXPECT_EQ(filter->whereClause.elementsSize, 0U);
    EXPECT_EQ(selection.fields()[0], EventField::EventType);
    for (std::size_t i = 0; i < filter->selectClausesSize; ++i) {
        const auto& clause = filter->selectClauses[i];
        EXPECT_EQ(clause.typeDefinitionId.namespaceIndex, 0);
        const bool conditionId = selection.fields()[i] == EventField::ConditionId;
        EXPECT_EQ(clause.attributeId, conditionId ? UA_ATTRIBUTEID_NODEID : UA_ATTRIBUTEID_VALUE);
        EXPECT_EQ(clause.browsePathSize == 0, conditionId);
    }
    const auto shelving = std::ranges::find(selection.fields(), EventField::ShelvingState);
    const auto& clause = filter->selectClauses[shelving - selection.fields().begin()];
    EXPECT_EQ(clause.typeDefinitionId.identifier.numeric, UA_NS0ID_ALARMCONDITIONTYPE);
    ASSERT_EQ(clause.browsePathSize, 3U);
    EXPECT_EQ(view(clause.browsePath[0].name), "ShelvingState");
    EXPECT_EQ(view(clause.browsePath[2].name), "Id");
}

TEST(EventSelectionTest, LeavesOutWhatTheServerRefuses) {
    const auto full = EventSelection::full();
    std::vector<UA_StatusCode> results(full.fields().size(), UA_STATUSCODE_GOOD);
    results.back() = UA_STATUSCODE_BADNODEIDUNKNOWN;
    const auto smaller = full.smaller(results);
    ASSERT_EQ(smaller.fields().size(), full.fields().size() - 1);
    EXPECT_EQ(smaller.fields().back(), full.fields()[full.fields().size() - 2]);
}

TEST(EventSelectionTest, FallsBackToTheBaseFieldsAndThenGivesUp) {
    const auto base = EventSelection::full().smaller({});
    EXPECT_TRUE(std::ranges::equal(base.fields(), EventSelection::base().fields()));
    EXPECT_EQ(base.fields().size(), 8U);
    EXPECT_TRUE(base.smaller({}).fields().empty());
    const std::vector<UA_StatusCode> all(base.fields().size(), UA_STATUSCODE_BADINTERNALERROR);
    EXPECT_TRUE(base.smaller(all).fields().empty());
}

TEST(EventSelectionTest, MoreResultsThanFieldsDoNoHarm) {
    const std::vector<UA_StatusCode> many(1'000, UA_STATUSCODE_BADINTERNALERROR);
    EXPECT_TRUE(EventSelection::full().smaller(many).fields().empty());
}

}  // namespace
}  // namespace tagwire::source::opcua
