#include "source/opcua/events/refresh_cycle.h"

#include <gtest/gtest.h>
#include <open62541/types.h>

namespace tagwire::source::opcua {
namespace {

using Outcome = RefreshCycle::Outcome;
using namespace std::chrono_literals;

const SteadyTime kStart = SteadyTime{} + 1h;

TEST(RefreshCycleTest, IsCompleteWhenEveryItemHasGotItsEnd) {
    RefreshCycle cycle;
    EXPECT_FALSE(cycle.due(kStart, 2));
    cycle.want();
    EXPECT_FALSE(cycle.due(kStart, 0)) << "without items nobody would get the answer";
    ASSERT_TRUE(cycle.due(kStart, 2));
    cycle.called(kStart, 2);
    EXPECT_FALSE(cycle.due(kStart + 1h, 2)) << "one at a time";
    EXPECT_EQ(cycle.answered(StatusCode{}, kStart), Outcome::Nothing);
    EXPECT_FALSE(cycle.covers(0));
    EXPECT_EQ(cycle.started(0), Outcome::Began);
    EXPECT_TRUE(cycle.covers(0));
    EXPECT_FALSE(cycle.covers(1));
    EXPECT_EQ(cycle.started(1), Outcome::Nothing);
    EXPECT_EQ(cycle.ended(0, kStart), Outcome::Nothing);
    EXPECT_FALSE(cycle.covers(0)) << "what comes after the end is new";
    EXPECT_EQ(cycle.ended(1, kStart), Outcome::Complete);
    EXPECT_FALSE(cycle.due(kStart + 1h, 2)) << "nobody wants another";
}

TEST(RefreshCycleTest, TakesTheEventsBeforeTheAnswer) {
    RefreshCycle cycle;
    cycle.want();
    cycle.called(kStart, 1);
    EXPECT_EQ(cycle.started(0), Outcome::Began);
    EXPECT_EQ(cycle.ended(0, kStart), Outcome::Complete);
    EXPECT_EQ(cycle.answered(StatusCode{}, kStart), Outcome::Nothing);
    EXPECT_EQ(cycle.answered(StatusCode{UA_STATUSCODE_BADTIMEOUT}, kStart), Outcome::Nothing);
}

TEST(RefreshCycleTest, AWishDuringARefreshIsAnotherRefreshLater) {
    RefreshCycle cycle;
    cycle.want();
    cycle.called(kStart, 1);
    cycle.want();
    EXPECT_EQ(cycle.started(0), Outcome::Began);
    EXPECT_EQ(cycle.ended(0, kStart), Outcome::Complete);
    EXPECT_FALSE(cycle.due(kStart, 1));
    EXPECT_TRUE(cycle.due(kStart + RefreshCycle::kPause, 1));
}

TEST(RefreshCycleTest, StartsAndEndsThatNobodyAskedForMeanNothing) {
    RefreshCycle cycle;
    EXPECT_EQ(cycle.started(0), Outcome::Nothing);
    EXPECT_EQ(cycle.ended(0, kStart), Outcome::Nothing);
    cycle.want();
    cycle.called(kStart, 1);
    EXPECT_EQ(cycle.ended(0, kStart), Outcome::Nothing) << "an end without a start";
}

TEST(RefreshCycleTest, TriesAgainWhenBusyRefusedOrNeverEnded) {
    RefreshCycle cycle;
    cycle.want();
    cycle.called(kStart, 1);
    EXPECT_EQ(cycle.answered(StatusCode{UA_STATUSCODE_BADREFRESHINPROGRESS}, kStart), Outcome::Failed);
    EXPECT_TRUE(cycle.due(kStart + RefreshCycle::kPause, 1));
    cycle.called(kStart, 1);
    EXPECT_EQ(cycle.answered(StatusCode{UA_STATUSCODE_BADTIMEOUT}, kStart), Outcome::Failed);
    EXPECT_FALSE(cycle.due(kStart + RefreshCycle::kPause, 1));
    EXPECT_TRUE(cycle.due(kStart + RefreshCycle::kRetry, 1));
    cycle.called(kStart, 1);
    EXPECT_EQ(cycle.started(0), Outcome::Began);
    EXPECT_EQ(cycle.tick(kStart + RefreshCycle::kDeadline - 1ms), Outcome::Nothing);
    EXPECT_EQ(cycle.tick(kStart + RefreshCycle::kDeadline), Outcome::Failed);
    EXPECT_TRUE(cycle.due(kStart + RefreshCycle::kDeadline + RefreshCycle::kRetry, 1));
}

TEST(RefreshCycleTest, NeverAsksAServerWithoutConditionsAgain) {
    for (const auto code : {UA_STATUSCODE_BADMETHODINVALID, UA_STATUSCODE_BADNODEIDUNKNOWN,
                            UA_STATUSCODE_BADNOTIMPLEMENTED, UA_STATUSCODE_BADUSERACCESSDENIED}) {
        RefreshCycle cycle;
        cycle.want();
        cycle.called(kStart, 1);
        EXPECT_EQ(cycle.answered(StatusCode{code}, kStart), Outcome::Unsupported);
        cycle.want();
        EXPECT_FALSE(cycle.due(kStart + 24h, 1));
    }
}

}  // namespace
}  // namespace tagwire::source::opcua
