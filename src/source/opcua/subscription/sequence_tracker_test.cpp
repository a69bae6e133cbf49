#include "source/opcua/subscription/sequence_tracker.h"

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

TEST(SequenceTracker, IsContentWithOneAfterTheOther) {
    SequenceTracker tracker;
    for (std::uint32_t number = 1; number < 10; ++number) {
        const auto verdict = tracker.take(number, false);
        EXPECT_EQ(verdict.missing, 0U);
        EXPECT_FALSE(verdict.repeated);
    }
}

TEST(SequenceTracker, KeepAlivesAnnounceTheNextNumber) {
    SequenceTracker tracker;
    EXPECT_EQ(tracker.take(1, false).missing, 0U);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(tracker.take(2, true).missing, 0U);
        EXPECT_FALSE(tracker.take(2, true).repeated);
    }
    EXPECT_EQ(tracker.take(2, false).missing, 0U);
    EXPECT_EQ(tracker.take(5, true).missing, 2U);  // 3 and 4 never came
    EXPECT_EQ(tracker.take(5, false).missing, 0U);
}

TEST(SequenceTracker, CountsWhatIsMissingOnce) {
    SequenceTracker tracker;
    EXPECT_EQ(tracker.take(1, false).missing, 0U);
    EXPECT_EQ(tracker.take(4, false).missing, 2U);
    EXPECT_EQ(tracker.take(5, false).missing, 0U);
}

TEST(SequenceTracker, KnowsWhatWasThereBefore) {
    SequenceTracker tracker;
    EXPECT_FALSE(tracker.take(7, false).repeated);
    EXPECT_TRUE(tracker.take(7, false).repeated);
    EXPECT_TRUE(tracker.take(3, false).repeated);
    EXPECT_FALSE(tracker.take(8, false).repeated);
}

TEST(SequenceTracker, GoesFromTheGreatestNumberToOne) {
    SequenceTracker tracker;
    EXPECT_EQ(tracker.take(0xFFFFFFFF, false).missing, 0U);
    const auto verdict = tracker.take(1, false);
    EXPECT_EQ(verdict.missing, 0U);
    EXPECT_FALSE(verdict.repeated);
}

}  // namespace
}  // namespace tagwire::source::opcua
