#include "source/simulator/plant_alarms.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "model/source_events.h"

namespace tagwire::source::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// As configured by default.
constexpr milliseconds kEvery{100};

/// Runs the alarms as the source does, and keeps what they tell.
class PlantAlarmsTest : public testing::Test {
protected:
    void runTo(seconds end) {
        for (; kEvery * index_ <= end; ++index_) {
            events_.take(
                alarms_.scan({static_cast<std::uint64_t>(index_), kEvery * index_}, fromUnixMillis(index_)));
        }
    }
    [[nodiscard]] SharedCondition condition(const std::string& path) const {
        const auto conditions = events_.snapshot()->conditions;
        const auto found = conditions->find({.condition = "s=" + path, .branch = {}});
        return found == conditions->end() ? nullptr : found->second;
    }
    ConditionAnswer act(ConditionMethod method, const SourceCondition& seen, std::string comment = {}) {
        EventBatch batch;
        auto answer = alarms_.act({.method = method,
                                   .key = seen.key,
                                   .eventId = seen.event.id,
                                   .comment = {"", std::move(comment)},
                                   .user = "anna"},
                                  fromUnixMillis(index_), batch);
        events_.take(std::move(batch));
        return answer;
    }
    /// When the feed pump trips for the first time.
    [[nodiscard]] static seconds firstTrip() {
        const PlantEvents events(kSeed);
        seconds time{0};
        while (!events.disturbances(time).feedPumpTrip) ++time;
        return time;
    }

    static constexpr std::uint64_t kSeed = 1;
    const std::string strainer_ = "Plant.Unit300.S-301.Clogged";
    const std::string pump_ = "Plant.Unit100.P-101.Trip";
    PlantAlarms alarms_{kSeed, "", fromUnixMillis(1)};
    SourceEvents events_;
    std::int64_t index_ = 0;
};

TEST_F(PlantAlarmsTest, SoonThereIsOneToAcknowledgeWhateverTheSeed) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        PlantAlarms alarms(seed, "Sim", fromUnixMillis(1));
        SourceEvents events;
        for (std::uint64_t i = 0; i <= 30; ++i)
            events.take(alarms.scan({i, kEvery * static_cast<std::int64_t>(i)}, fromUnixMillis(0)));
        const auto snapshot = events.snapshot();
        EXPECT_TRUE(snapshot->current);
        ASSERT_EQ(snapshot->unacked, 1U) << seed;
        const auto& condition = *snapshot->conditions->begin()->second;
        EXPECT_EQ(condition.event.sourceName, "Sim.Plant.Unit300.S-301");
        EXPECT_EQ(condition.event.typeName, "OffNormalAlarmType");
        EXPECT_TRUE(allowedActions(condition).acknowledge);
    }
}

TEST_F(PlantAlarmsTest, AndAgainFromTimeToTime) {
    std::multiset<std::string> begun;
    std::map<ConditionKey, bool> active;
    for (; kEvery * index_ < std::chrono::minutes{30}; ++index_) {
        const auto batch =
            alarms_.scan({static_cast<std::uint64_t>(index_), kEvery * index_}, fromUnixMillis(index_));
        for (const auto& change : batch.conditions) {
            const bool now = change.now != nullptr && change.now->active == true;
            if (now && !std::exchange(active[change.key], true)) begun.insert(change.key.condition);
            if (!now) active[change.key] = false;
        }
    }
    EXPECT_EQ(begun.count("s=" + strainer_), 20U) << "once in each slot";
    EXPECT_GE(std::set<std::string>(begun.begin(), begun.end()).size(), 5U);
}

TEST_F(PlantAlarmsTest, AcknowledgedIsToldByAnEventAndGoneOnceItIsOver) {
    runTo(seconds{3});
    const auto seen = condition(strainer_);
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(seen->active, true);
    EXPECT_EQ(seen->confirmed, std::nullopt);
    const auto told = events_.snapshot()->last;

    const auto answer = act(ConditionMethod::Acknowledge, *seen, "on my way");
    EXPECT_TRUE(answer.status.isGood()) << answer.message;
    EXPECT_EQ(answer.message, "");
    const auto acked = condition(strainer_);
    ASSERT_NE(acked, nullptr) << "it is active still";
    EXPECT_EQ(acked->acked, true);
    EXPECT_EQ(acked->comment.text, "on my way");
    EXPECT_EQ(acked->clientUser, "anna");
    EXPECT_NE(acked->event.id, seen->event.id);
    EXPECT_EQ(events_.snapshot()->last, told + 1);

    EXPECT_EQ(act(ConditionMethod::Acknowledge, *seen).status, kBadConditionBranchAlreadyAcked);
    EXPECT_EQ(act(ConditionMethod::Confirm, *acked).status, kBadMethodInvalid);
    runTo(seconds{45});
    EXPECT_EQ(condition(strainer_), nullptr);
    const auto late = act(ConditionMethod::Acknowledge, *acked);
    EXPECT_EQ(late.status, kBadNodeIdUnknown);
    EXPECT_THAT(late.message, testing::HasSubstr("no such condition"));
}

TEST_F(PlantAlarmsTest, WhatIsOverStaysUntilItIsAcknowledged) {
    runTo(seconds{3});
    const auto seen = condition(strainer_);
    runTo(seconds{45});
    const auto over = condition(strainer_);
    ASSERT_NE(over, nullptr);
    EXPECT_EQ(over->active, false);
    EXPECT_EQ(over->acked, false);
    EXPECT_TRUE(act(ConditionMethod::Acknowledge, *seen).status.isGood()) << "that event told of it";
    EXPECT_EQ(condition(strainer_), nullptr);
}

TEST_F(PlantAlarmsTest, WhoeverHasNotSeenThatItBeganAnewIsTold) {
    runTo(seconds{3});
    const auto seen = condition(strainer_);
    runTo(seconds{90 + 46});
    const auto answer = act(ConditionMethod::Acknowledge, *seen);
    EXPECT_EQ(answer.status, kBadEventIdUnknown);
    EXPECT_THAT(answer.message, testing::HasSubstr("look at its present state"));
    EXPECT_TRUE(act(ConditionMethod::Acknowledge, *condition(strainer_)).status.isGood());
}

TEST_F(PlantAlarmsTest, ATripIsAcknowledgedAndThenConfirmed) {
    runTo(firstTrip() + seconds{1});
    const auto seen = condition(pump_);
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(seen->event.typeName, "TripAlarmType");
    EXPECT_EQ(act(ConditionMethod::Confirm, *seen).status, kBadInvalidState) << "not acknowledged yet";
    ASSERT_TRUE(act(ConditionMethod::Acknowledge, *seen).status.isGood());
    runTo(firstTrip() + seconds{30});
    const auto acked = condition(pump_);
    ASSERT_NE(acked, nullptr) << "over, but nobody said that it was dealt with";
    EXPECT_TRUE(allowedActions(*acked).confirm);
    EXPECT_TRUE(act(ConditionMethod::Confirm, *acked).status.isGood());
    EXPECT_EQ(condition(pump_), nullptr);
}

TEST_F(PlantAlarmsTest, AnotherRunKnowsNoneOfItsEvents) {
    runTo(seconds{3});
    PlantAlarms other(kSeed, "", fromUnixMillis(2));
    EventBatch batch;
    for (std::uint64_t i = 0; i <= 30; ++i)
        batch = other.scan({i, kEvery * static_cast<std::int64_t>(i)}, fromUnixMillis(0));
    const auto seen = condition(strainer_);
    EXPECT_EQ(other
                  .act({.method = ConditionMethod::Acknowledge,
                        .key = seen->key,
                        .eventId = seen->event.id,
                        .comment = {},
                        .user = {}},
                       fromUnixMillis(0), batch)
                  .status,
              kBadEventIdUnknown);
}

}  // namespace
}  // namespace tagwire::source::simulator
