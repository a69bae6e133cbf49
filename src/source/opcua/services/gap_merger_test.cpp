#include "source/opcua/services/gap_merger.h"

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

Timestamp at(int second) { return Timestamp{std::chrono::seconds(1'000 + second)}; }

DataValue value(int second, double number) { return {Value(number), StatusCode{}, at(second), at(second)}; }

/// "second:number", with ! for the overflow bit.
std::vector<std::string> shown(const GapMerger::Merged& merged) {
    std::vector<std::string> all;
    for (const DataValue& each : merged.values) {
        all.push_back(std::to_string((each.sourceTime - at(0)) / 1s) + ":" +
                      std::to_string(static_cast<int>(each.value.toDouble())) +
                      (each.status.hasOverflow() ? "!" : ""));
    }
    return all;
}
using Shown = std::vector<std::string>;

TEST(GapMerger, PutsHistoryBeforeLiveValuesAndNothingTwice) {
    GapMerger merger(at(10));
    merger.hold(value(13, 3));
    merger.hold(value(14, 4));
    const auto merged =
        merger.finish({value(9, 0), value(10, 0), value(11, 1), value(12, 2), value(13, 99)}, true);
    EXPECT_EQ(shown(merged), (Shown{"11:1", "12:2", "13:3", "14:4"}));
    EXPECT_EQ(merged.lost, 0U);
    EXPECT_FALSE(merged.markNext);
}

TEST(GapMerger, HistoryBetweenLiveValuesIsKeptInTimeOrder) {
    GapMerger merger(at(10));
    merger.hold(value(12, 2));
    merger.hold(value(14, 4));
    EXPECT_EQ(shown(merger.finish({value(13, 3), value(11, 1), value(11, 1)}, true)),
              (Shown{"11:1", "12:2", "13:3", "14:4"}));
}

TEST(GapMerger, WhatOnlyTheHistoryHadIsBackfillButForTheNewest) {
    GapMerger merger(at(10));
    merger.hold(value(12, 2));
    merger.hold(value(14, 4));
    EXPECT_EQ(merger.finish({value(11, 1), value(12, 2), value(13, 3)}, true).backfill,
              (std::vector{true, false, true, false}));
    EXPECT_EQ(GapMerger(at(10)).finish({value(11, 1), value(12, 2)}, true).backfill,
              (std::vector{true, false}))
        << "nothing newer is known";
}

TEST(GapMerger, AHeldValueAsOldAsTheLastIsDeliveredBecauseItSaysGoodAgain) {
    GapMerger merger(at(10));
    merger.hold(value(10, 7));
    EXPECT_EQ(shown(merger.finish({value(10, 7)}, true)), (Shown{"10:7"}));
}

TEST(GapMerger, ValuesOfTheSameTimeStayInTheirOrder) {
    GapMerger merger(at(10));
    merger.hold(value(12, 1));
    merger.hold(value(12, 2));
    EXPECT_EQ(shown(merger.finish({}, true)), (Shown{"12:1", "12:2"}));
}

TEST(GapMerger, AnIncompleteHistoryMarksTheFirstValueBehindIt) {
    GapMerger merger(at(10));
    merger.hold(value(20, 20));
    merger.hold(value(21, 21));
    const auto merged = merger.finish({value(11, 1), value(12, 2)}, false);
    EXPECT_EQ(shown(merged), (Shown{"11:1", "12:2", "20:20!", "21:21"}));
    EXPECT_FALSE(merged.markNext);
}

TEST(GapMerger, WithoutHistoryTheFirstNewValueIsMarked) {
    GapMerger merger(at(10));
    merger.hold(value(10, 0));
    merger.hold(value(20, 20));
    EXPECT_EQ(shown(merger.finish({}, false)), (Shown{"10:0", "20:20!"}));

    GapMerger quiet(at(10));
    EXPECT_TRUE(quiet.finish({value(11, 1)}, false).markNext);
}

TEST(GapMerger, DropsTheOldestHeldValuesAndSaysSo) {
    GapMerger merger(at(10), 2);
    for (int second = 11; second <= 15; ++second) merger.hold(value(second, second));
    const auto merged = merger.finish({}, true);
    EXPECT_EQ(shown(merged), (Shown{"14:14!", "15:15"}));
    EXPECT_EQ(merged.lost, 3U);
}

TEST(GapMerger, WhatWasDroppedAndIsInTheHistoryIsNotLost) {
    GapMerger merger(at(10), 2);
    for (int second = 11; second <= 15; ++second) merger.hold(value(second, second));
    const auto merged = merger.finish({value(11, 11), value(12, 12), value(13, 13)}, true);
    EXPECT_EQ(shown(merged), (Shown{"11:11", "12:12", "13:13", "14:14", "15:15"}));
    EXPECT_EQ(merged.lost, 0U);
}

TEST(GapMerger, TheSameValueTwiceIsOne) {
    GapMerger merger(at(10));
    merger.hold(value(12, 2));
    DataValue again = value(12, 2);
    again.serverTime = at(15);
    merger.hold(again);
    EXPECT_EQ(shown(merger.finish({}, true)), (Shown{"12:2"}));
}

TEST(GapMerger, WhatTheServersQueueLostAndTheHistoryHasIsNotLost) {
    const auto overflown = [](int second) {
        DataValue lossy = value(second, second);
        lossy.status = lossy.status.withOverflow();
        return lossy;
    };
    GapMerger merger(at(10));
    merger.hold(overflown(14));
    merger.hold(overflown(16));
    const auto merged = merger.finish({value(11, 11), value(13, 13), value(14, 14)}, true);
    EXPECT_EQ(shown(merged), (Shown{"11:11", "13:13", "14:14", "16:16!"}));
    EXPECT_EQ(merged.values[2].status, StatusCode{});
    EXPECT_EQ(merged.recovered, 2U);

    GapMerger without(at(10));
    without.hold(overflown(14));
    EXPECT_EQ(shown(without.finish({}, true)), (Shown{"14:14!"}));
}

TEST(GapMerger, WithoutRoomEverythingIsLostAndTheNextIsMarked) {
    GapMerger merger(at(10), 0);
    merger.hold(value(11, 1));
    const auto merged = merger.finish({}, true);
    EXPECT_TRUE(merged.values.empty());
    EXPECT_EQ(merged.lost, 1U);
    EXPECT_TRUE(merged.markNext);
}

TEST(GapMerger, EverythingComesOutInOrderWhateverTheOrderItCameIn) {
    for (int seed = 0; seed < 200; ++seed) {
        GapMerger merger(at(0));
        std::vector<DataValue> history;
        for (int i = 1; i <= 30; ++i) {
            const int second = (i * 7 + seed) % 31;
            if ((i + seed) % 3 == 0) merger.hold(value(second, second));
            if ((i + seed) % 2 == 0) history.push_back(value(second, second));
        }
        const auto merged = merger.finish(history, true);
        for (std::size_t i = 1; i < merged.values.size(); ++i)
            ASSERT_LT(merged.values[i - 1].sourceTime, merged.values[i].sourceTime) << seed;
    }
}

}  // namespace
}  // namespace tagwire::source::opcua
