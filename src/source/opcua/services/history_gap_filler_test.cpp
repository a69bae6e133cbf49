#include "source/opcua/services/history_gap_filler.h"

#include <map>

#include <gtest/gtest.h>

#include "source/opcua/services/service_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};

std::vector<GapItem> itemsOfAge(const std::vector<std::chrono::seconds>& ages) {
    std::vector<GapItem> items;
    for (const auto age : ages) {
        GapItem item;
        item.index = static_cast<std::uint32_t>(items.size());
        item.last = kNow - age;
        items.push_back(std::move(item));
    }
    return items;
}

TEST(GroupByStart, ReadsNoItemFromMuchEarlierThanItNeeds) {
    const auto groups = groupByStart(itemsOfAge({100s, 5s, 5s, 104s, 3600s, -20s}), kNow, 24h);
    ASSERT_EQ(groups.size(), 4U);
    EXPECT_EQ(groups[0].items, (std::vector<std::size_t>{5})) << "from the future: as of now";
    EXPECT_EQ(groups[0].start, kNow);
    EXPECT_EQ(groups[1].items, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(groups[2].items, (std::vector<std::size_t>{0, 3}));
    EXPECT_EQ(groups[2].start, kNow - 104s);
    EXPECT_EQ(groups[3].items, (std::vector<std::size_t>{4}));
}

TEST(GroupByStart, NeverGoesBackFurtherThanItMay) {
    const auto groups = groupByStart(itemsOfAge({240h, 48h}), kNow, 24h);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].start, kNow - 24h);
    EXPECT_TRUE(groupByStart({}, kNow, 24h).empty());
}

TEST(GroupByStart, AgesOfAllKindsMakeFewGroups) {
    std::vector<std::chrono::seconds> ages;
    for (int i = 0; i < 20'000; ++i) ages.emplace_back(i * 4);
    EXPECT_LT(groupByStart(itemsOfAge(ages), kNow, 24h).size(), 150U);
}

class HistoryGapFillerTest : public testing::Test {
protected:
    /// `count` values, the last of them `age` ago, `step` apart.
    void record(int node, int count, std::chrono::milliseconds step, std::chrono::seconds age) {
        const Timestamp first = now_ - age - (count - 1) * step;
        ASSERT_EQ(connected_.peer().ask(
                      fmt::format("record {} {} {} {}", node, dateTimeOf(first), count, step.count())),
                  "Good");
    }
    void add(const std::string& node, std::chrono::milliseconds age) {
        GapItem item;
        item.index = static_cast<std::uint32_t>(items_.size());
        item.node = connected_.node(node);
        item.last = now_ - age;
        items_.push_back(std::move(item));
    }
    void fill(const GapBounds& bounds = {}) {
        filler_ = std::make_unique<HistoryGapFiller>(connected_.client(), connected_.info(),
                                                     connected_.types(), bounds);
        filler_->fill(
            std::move(items_), now_,
            [this](FilledItem& item) { EXPECT_TRUE(filled_.emplace(item.index, std::move(item)).second); },
            [this](const GapSummary& summary) { summary_ = summary; });
    }
    bool done() {
        return connected_.until([this] { return summary_.has_value(); });
    }

    const Timestamp now_ = wallClockNow();
    ServiceClient connected_{{"services=1", "per_read=3"}};
    std::vector<GapItem> items_;
    std::map<std::uint32_t, FilledItem> filled_;
    std::optional<GapSummary> summary_;
    std::unique_ptr<HistoryGapFiller> filler_;
};

TEST_F(HistoryGapFillerTest, BringsWhatCameInTheGapOfEachItem) {
    record(0, 500, 100ms, 0s);   // the last 50 s
    record(1, 120, 1000ms, 5s);  // the last two minutes, but for 5 s
    add("History.0", 20s);
    add("History.1", 65s);
    add("Level", 20s);
    add("History.2", 20s);
    fill();
    ASSERT_TRUE(done());
    ASSERT_EQ(filled_.size(), 4U);

    const auto& fast = filled_.at(0);
    EXPECT_TRUE(fast.complete());
    EXPECT_EQ(fast.values.size(), 201U);
    EXPECT_EQ(fast.values.front().sourceTime, now_ - 20s);
    EXPECT_EQ(fast.values.back().sourceTime, now_);
    const auto& slow = filled_.at(1);
    EXPECT_EQ(slow.values.size(), 61U);
    EXPECT_EQ(slow.values.front().sourceTime, now_ - 65s);
    EXPECT_EQ(filled_.at(2).status.code(), UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED);
    EXPECT_TRUE(filled_.at(3).complete());
    EXPECT_TRUE(filled_.at(3).values.empty());

    EXPECT_EQ(summary_->items, 4U);
    EXPECT_EQ(summary_->filled, 3U);
    EXPECT_EQ(summary_->withoutHistory, 1U);
    EXPECT_EQ(summary_->incomplete, 0U);
    EXPECT_EQ(summary_->values, 262U);
}

TEST_F(HistoryGapFillerTest, BringsStructuresDecoded) {
    const Timestamp first = now_ - 10s;
    ASSERT_EQ(connected_.peer().ask(fmt::format("record_recipes {} 3 1000", dateTimeOf(first))), "Good");
    add("Recipe", 60s);
    fill();
    ASSERT_TRUE(done());
    const FilledItem& item = filled_.at(0);
    EXPECT_TRUE(item.complete());
    ASSERT_EQ(item.values.size(), 3U);
    EXPECT_EQ(item.values[2].value,
              Value(Structure{R"({"Name":"r2","State":2,"Origin":{"X":3,"Y":4},"Samples":[]})", {}}));
}

TEST_F(HistoryGapFillerTest, IsBoundedPerItemAndOverall) {
    for (int node = 0; node < 4; ++node) {
        record(node, 500, 100ms, 0s);
        add(fmt::format("History.{}", node), 40s + node * 1000ms);
    }
    fill({.valuesPerItem = 150, .valuesOverall = 400});
    ASSERT_TRUE(done());
    EXPECT_EQ(filled_.size(), 4U);
    EXPECT_LE(summary_->values, 400U);
    EXPECT_EQ(summary_->incomplete, 4U);
    for (const auto& [index, item] : filled_) {
        EXPECT_FALSE(item.complete());
        EXPECT_LE(item.values.size(), 150U);
    }
}

TEST_F(HistoryGapFillerTest, TellsOfEveryItemWhenTheServerGoes) {
    add("History.0", 20s);
    add("Level", 20s);
    fill();
    connected_.peer().kill();
    ASSERT_TRUE(done());
    EXPECT_EQ(filled_.size(), 2U);
    EXPECT_EQ(summary_->filled, 0U);
}

TEST_F(HistoryGapFillerTest, CallsNothingOnceItIsGone) {
    record(0, 500, 100ms, 0s);
    add("History.0", 40s);
    fill();
    filler_.reset();
    EXPECT_FALSE(connected_.until([end = SteadyClock::now() + 300ms] { return SteadyClock::now() > end; }) &&
                 summary_);
    EXPECT_TRUE(filled_.empty());
}

TEST_F(HistoryGapFillerTest, NothingToFillIsDoneAtOnce) {
    fill();
    EXPECT_TRUE(summary_.has_value());
}

}  // namespace
}  // namespace tagwire::source::opcua
