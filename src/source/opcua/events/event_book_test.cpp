#include "source/opcua/events/event_book.h"

#include <gtest/gtest.h>

#include "source/opcua/testing/recording_sink_testing.h"

namespace tagwire::source::opcua {
namespace {

class EventBookTest : public testing::Test {
protected:
    static DecodedEvent event(const std::string& id, std::uint16_t severity = 500) {
        DecodedEvent made;
        made.event.id = id;
        made.event.severity = severity;
        return made;
    }

    static DecodedEvent condition(const std::string& node, const std::string& id,
                                  std::uint16_t severity = 500, bool retain = true) {
        DecodedEvent made = event(id, severity);
        made.kind = EventKind::Condition;
        made.event.condition = node;
        made.condition.emplace();
        made.condition->key = {node, ""};
        made.condition->retain = retain;
        return made;
    }

    /// What reached the sink so far.
    std::shared_ptr<const SourceEventsSnapshot> told(EventBook& book) {
        book.flush();
        return sink_.events();
    }

    EventOptions options_;
    RecordingSink sink_;
};

TEST_F(EventBookTest, ARefreshTellsNothingTwice) {
    EventBook book(options_, sink_);
    book.beginConnection();
    book.take(condition("a", "1"), false);
    book.refreshBegan();
    book.take(condition("a", "1"), true);
    book.refreshEnded();
    auto now = told(book);
    EXPECT_EQ(now->last, 1U);
    EXPECT_EQ(now->conditions->size(), 1U);
    EXPECT_TRUE(now->current);
    EXPECT_EQ(now->overflows, 0U);

    // The same state under a new id: no event, but the id that acknowledges.
    book.refreshBegan();
    book.take(condition("a", "2"), true);
    book.refreshEnded();
    now = told(book);
    EXPECT_EQ(now->last, 1U);
    EXPECT_EQ(now->conditions->begin()->second->event.id, "2");
}

TEST_F(EventBookTest, AfterAReconnectTheConditionsAreThoseOfTheServerAndMissedOnesAreTold) {
    EventBook book(options_, sink_);
    book.beginConnection();
    for (const char* node : {"stays", "ends", "changes"}) book.take(condition(node, node), false);
    book.refreshBegan();
    for (const char* node : {"stays", "ends", "changes"}) book.take(condition(node, node), true);
    book.refreshEnded();
    book.endConnection();
    EXPECT_FALSE(told(book)->current);
    EXPECT_EQ(told(book)->conditions->size(), 3U);

    book.beginConnection();
    book.refreshBegan();
    book.take(condition("stays", "stays"), true);
    book.take(condition("changes", "new", 900), true);
    book.take(condition("begins", "begins"), true);
    book.refreshEnded();
    const auto now = told(book);
    EXPECT_TRUE(now->current);
    EXPECT_EQ(now->overflows, 1U) << "what happened in between is not known";
    EXPECT_EQ(now->conditions->size(), 3U);
    EXPECT_FALSE(now->conditions->contains({"ends", ""}));
    ASSERT_EQ(now->last, 5U);
    EXPECT_TRUE(now->events[3].event->refreshed);
    EXPECT_EQ(now->events[3].event->id, "new");
    EXPECT_EQ(now->events[4].event->id, "begins");
}

TEST_F(EventBookTest, AServerWithoutRefreshKeepsWhatCameOverThisConnection) {
    EventBook book(options_, sink_);
    book.beginConnection();
    book.take(condition("old", "1"), false);
    book.endConnection();
    book.beginConnection();
    book.take(condition("new", "2"), false);
    book.refreshEnded();
    EXPECT_EQ(told(book)->conditions->size(), 1U);
    EXPECT_TRUE(told(book)->conditions->contains({"new", ""}));
}

TEST_F(EventBookTest, ASevereConditionIsFollowedToItsEnd) {
    options_.minSeverity = 300;
    EventBook book(options_, sink_);
    book.take(event("low", 100), false);
    book.take(event("unknown", 0), false);
    book.take(condition("mild", "1", 100), false);
    book.take(condition("severe", "2", 300), false);
    book.take(condition("severe", "3", 100), false);
    auto now = told(book);
    ASSERT_EQ(now->last, 3U);
    EXPECT_EQ(now->events[0].event->id, "unknown");
    EXPECT_EQ(now->conditions->begin()->second->event.severity, 100);
    book.take(condition("severe", "4", 100, false), false);
    now = told(book);
    EXPECT_EQ(now->last, 4U);
    EXPECT_TRUE(now->conditions->empty());
}

TEST_F(EventBookTest, OverlappingNotifiersTellOnce) {
    options_.notifiers = {"i=2253", "ns=1;s=Area"};
    EventBook book(options_, sink_);
    for (int i = 0; i < 2; ++i) {
        book.take(event("a"), false);
        book.take(event("b"), false);
        book.take(condition("c", "c"), false);
    }
    book.take(event(""), false);
    book.take(event(""), false);
    EXPECT_EQ(told(book)->last, 5U) << "events without an id are never the same";
    for (std::size_t i = 0; i <= EventBook::kRecentIds; ++i) book.take(event(std::to_string(i)), false);
    book.take(event("a"), false);
    EXPECT_EQ(told(book)->last, 5U + EventBook::kRecentIds + 2) << "forgotten in time";
}

TEST_F(EventBookTest, CountsConditionsWithoutAPlaceAndStillTellsTheirEvents) {
    options_.maxConditions = 1;
    EventBook book(options_, sink_);
    book.take(condition("a", "1"), false);
    book.take(condition("b", "2"), false);
    EXPECT_EQ(told(book)->refused, 1U);
    EXPECT_EQ(told(book)->conditions->size(), 1U);
    EXPECT_EQ(told(book)->last, 2U);
}

}  // namespace
}  // namespace tagwire::source::opcua
