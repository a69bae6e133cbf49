#include "history/recorder.h"

#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

void noRow(std::string& /*out*/, TagId /*tag*/, const DataValue& /*value*/, Timestamp /*base*/) {}

RuleOptions rule(const std::string& tags, RecordWhat what) {
    RuleOptions options;
    options.tags = tags;
    options.record = what;
    return options;
}

class RecorderTest : public testing::Test {
protected:
    void begin(const std::vector<RuleOptions>& rules = {}, StorageLimits limits = {}) {
        recorder_.reset();
        storage_.reset();
        storage_.emplace(folder_.path(), limits);
        ASSERT_TRUE(storage_->open(now_)) << storage_->problem();
        policies_.emplace(rules);
        recorder_.emplace(*storage_, *policies_);
        declare();
    }
    void declare() {
        TagInfo info{.id = TagId{0}, .path = path("Line.A"), .source = SourceId{0}};
        info.range = EURange{.low = 0, .high = 100};
        auto added = std::make_shared<TagsAdded>();
        added->tags.push_back(std::make_shared<const TagInfo>(info));
        recorder_->take(FeedItem(std::shared_ptr<const TagsAdded>(added)), now_);
    }
    void change(const DataValue& value, bool backfill = false) {
        auto batch = std::make_shared<ChangeBatch>(ChangeNumber{next_++}, now_, noRow);
        batch->push(TagId{0}, value, backfill);
        recorder_->take(FeedItem(SharedBatch(batch)), now_);
    }
    void change(seconds after, double value, StatusCode status = {}) {
        change(sampleAt(after, Value(value), status).value);
    }
    void fill(seconds after, double value) { change(sampleAt(after, Value(value)).value, true); }
    std::vector<HistorySample> samples() {
        QueryRunner runner(folder_.path());
        return allSamples(*storage_, runner, path("Line.A"), kTestStart - hours{1000},
                          kTestStart + hours{1000}, 100)
            .samples;
    }
    /// The number of each sample, or its status in brackets.
    std::string shown() {
        std::string text;
        for (const auto& sample : samples()) {
            const double number = numberOf(sample.value);
            text += (text.empty() ? "" : " ") +
                    (std::isnan(number) ? "[" + std::string(statusName(sample.value.status)) + "]"
                                        : fmt::format("{}", number));
        }
        return text;
    }

    TestFolder folder_;
    Timestamp now_ = kTestStart;
    std::uint64_t next_ = 1;
    std::optional<Storage> storage_;
    std::optional<PolicyTable> policies_;
    std::optional<Recorder> recorder_;
};

TEST_F(RecorderTest, RecordsEveryChangeAtItsTime) {
    begin();
    change(seconds{1}, 1.5);
    change(seconds{2}, 2.5);
    const auto list = samples();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[1].value, sampleAt(seconds{2}, Value(2.5)).value);
    EXPECT_EQ(list[1].origin, SampleOrigin::Live);
    EXPECT_EQ(recorder_->recorded().value(), 2U);
}

TEST_F(RecorderTest, ALostSourceIsBadFromWhenItWasLost) {
    begin();
    now_ = kTestStart + seconds{60};
    change(seconds{1}, 1.5);
    auto lost = sampleAt(seconds{1}, Value(1.5), kBadNoCommunication).value;
    lost.serverTime = kTestStart + seconds{30};
    change(lost);
    auto again = lost;
    again.status = {};
    again.serverTime = kTestStart + seconds{40};
    change(again);
    const auto list = samples();
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[1].value.sourceTime, kTestStart + seconds{30});
    EXPECT_EQ(list[1].value.status, kBadNoCommunication);
    EXPECT_EQ(list[2].value.sourceTime, kTestStart + seconds{40});
    EXPECT_EQ(list[2].value.value, Value(1.5));
}

TEST_F(RecorderTest, ALateChangeIsBackfillAndHoldsNow) {
    begin();
    now_ = kTestStart + seconds{60};
    change(seconds{10}, 1);
    change(seconds{20}, 2);
    change(seconds{15}, 3);
    recorder_->settle(now_);
    const auto list = samples();
    ASSERT_EQ(list.size(), 4U);
    EXPECT_EQ(list[1].value.value, Value(3.0));
    EXPECT_EQ(list[1].origin, SampleOrigin::Backfill);
    EXPECT_EQ(list[3].value.value, Value(3.0));
    EXPECT_EQ(list[3].origin, SampleOrigin::Live);
}

TEST_F(RecorderTest, WhatASourceFillsInIsBackfillWhereverItBelongs) {
    begin();
    now_ = kTestStart + seconds{60};
    change(seconds{10}, 1);
    auto lost = sampleAt(seconds{10}, Value(1.0), kBadNoCommunication).value;
    lost.serverTime = kTestStart + seconds{20};
    change(lost);
    fill(seconds{15}, 2);
    fill(seconds{25}, 3);
    change(seconds{30}, 4);
    recorder_->settle(now_);
    EXPECT_EQ(shown(), "1 2 [BadNoCommunication] 3 4");
    std::vector<SampleOrigin> origins;
    for (const auto& sample : samples()) origins.push_back(sample.origin);
    EXPECT_EQ(origins, (std::vector{SampleOrigin::Live, SampleOrigin::Backfill, SampleOrigin::Live,
                                    SampleOrigin::Backfill, SampleOrigin::Live}));
}

TEST_F(RecorderTest, WhatIsFilledInBeforeAnyValueOfThisRunDoesNotBeginIt) {
    begin();
    change(seconds{10}, 1);
    now_ = kTestStart + seconds{20};
    ASSERT_TRUE(storage_->end(now_));
    now_ = kTestStart + seconds{60};
    begin();
    fill(seconds{30}, 2);
    change(seconds{40}, 3);
    EXPECT_EQ(shown(), "1 [BadShutdown] 2 3");
    EXPECT_EQ(samples()[2].origin, SampleOrigin::Backfill);
}

TEST_F(RecorderTest, AValueOlderThanTheLastStopIsKnownAgainFromTheStart) {
    begin();
    change(seconds{1}, 1.5);
    now_ = kTestStart + seconds{100};
    ASSERT_TRUE(storage_->end(now_));
    now_ = kTestStart + seconds{200};
    begin();
    auto value = sampleAt(seconds{1}, Value(1.5)).value;
    value.serverTime = now_;
    change(value);
    const auto list = samples();
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[1].value.status, kBadShutdown);
    EXPECT_EQ(list[2].value.sourceTime, now_);
    EXPECT_EQ(list[2].value.value, Value(1.5));
}

TEST_F(RecorderTest, ATimeInTheFarFutureDoesNotMakeAllOthersLate) {
    begin();
    change(hours{24 * 365}, 1);
    change(seconds{1}, 2);
    change(seconds{2}, 3);
    for (const auto& sample : samples()) EXPECT_EQ(sample.origin, SampleOrigin::Live);
}

TEST_F(RecorderTest, WhatTheFeedSkippedIsAGap) {
    begin();
    change(seconds{1}, 1);
    auto snapshot = std::make_shared<StoreSnapshot>();
    TagInfo info{.id = TagId{0}, .path = path("Line.A"), .source = SourceId{0}};
    snapshot->tags.push_back(
        {std::make_shared<const TagInfo>(info), ChangeNumber{50}, sampleAt(seconds{9}, Value(9.0)).value});
    snapshot->last = ChangeNumber{50};
    snapshot->skippedChanges = 49;
    recorder_->take(FeedItem(std::shared_ptr<const StoreSnapshot>(snapshot)), now_);
    EXPECT_EQ(shown(), "1 [BadDataLost] 9");
    EXPECT_EQ(recorder_->lost().value(), 48U);
}

TEST_F(RecorderTest, ASnapshotWithoutNewsRecordsNothing) {
    begin();
    change(seconds{1}, 1);
    auto snapshot = std::make_shared<StoreSnapshot>();
    TagInfo info{.id = TagId{0}, .path = path("Line.A"), .source = SourceId{0}};
    snapshot->tags.push_back(
        {std::make_shared<const TagInfo>(info), ChangeNumber{1}, sampleAt(seconds{1}, Value(1.0)).value});
    snapshot->last = ChangeNumber{70};
    snapshot->skippedChanges = 69;
    recorder_->take(FeedItem(std::shared_ptr<const StoreSnapshot>(snapshot)), now_);
    EXPECT_EQ(shown(), "1");
}

TEST_F(RecorderTest, WhatAFullStorageRefusedIsAGapWithTheLatestValueAfterIt) {
    StorageLimits limits;
    limits.fullBytes = 100;
    begin({}, limits);
    now_ = kTestStart + hours{1};
    int i = 0;
    const auto changeOnce = [&] {
        ++i;
        change(seconds{i}, i);
    };
    while (!storage_->isFull()) changeOnce();
    const auto taken = i;
    changeOnce();
    changeOnce();
    changeOnce();
    EXPECT_EQ(recorder_->lost().value(), 2U);
    ASSERT_TRUE(storage_->commit(now_));
    // Room again only when what is durable was packed.
    now_ += seconds{3700};
    while (storage_->maintain(now_)) {
    }
    recorder_->settle(now_);
    const auto list = samples();
    ASSERT_EQ(list.size(), static_cast<std::size_t>(taken) + 2);
    EXPECT_EQ(list[list.size() - 2].value.status, kBadDataLost);
    EXPECT_EQ(list[list.size() - 2].value.sourceTime, kTestStart + seconds{taken + 1});
    EXPECT_EQ(list.back().value.value, Value(static_cast<double>(i)));
}

TEST_F(RecorderTest, NothingIsRecordedOfATagThatARuleLeavesOut) {
    begin({rule("Line.*", RecordWhat::Nothing)});
    change(seconds{1}, 1);
    EXPECT_EQ(storage_->find("Line.A"), nullptr);
}

TEST_F(RecorderTest, ADeadbandLeavesOutSmallChangesButNoStatus) {
    auto deadband = rule("**", RecordWhat::Deadband);
    deadband.deadbandPercent = 10;
    deadband.maxInterval = seconds{100};
    begin({deadband});
    change(seconds{1}, 50);
    change(seconds{2}, 55);
    change(seconds{3}, 61);
    change(seconds{4}, 61, kBadSensorFailure);
    change(seconds{5}, 61);
    change(seconds{6}, 65);
    change(seconds{106}, 66);  // the last one is old
    EXPECT_EQ(shown(), "50 61 [BadSensorFailure] 61 66");
}

TEST_F(RecorderTest, AMinimumIntervalKeepsTheLastOfThoseThatCameTooSoon) {
    auto slow = rule("**", RecordWhat::All);
    slow.minInterval = seconds{10};
    begin({slow});
    now_ = kTestStart;
    change(seconds{0}, 1);
    change(seconds{2}, 2);
    change(seconds{4}, 3);
    recorder_->settle(now_ + seconds{5});
    EXPECT_EQ(shown(), "1");
    recorder_->settle(now_ + seconds{10});
    EXPECT_EQ(shown(), "1 3");
}

}  // namespace
}  // namespace tagwire::history
