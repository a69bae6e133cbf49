// Subscription, SubscriptionTable and TagCache together: what a client is sent, without a network.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/subscription_table.h"
#include "wire/row_encoder.h"

namespace tagwire::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SubscriptionTest : public testing::Test, public SubscriptionOwner {
protected:
    void onReady(Subscription& subscription) override { ready_.push_back(&subscription); }
    void onTags(Subscription&, const std::vector<SharedTagInfo>& tags) override {
        for (const auto& info : tags) joined_.push_back(info->path.text());
    }

    TagId declare(std::string_view path) {
        TagInfo info{.id = TagId{nextTag_++}, .path = *TagPath::parse(path), .source = SourceId{0}};
        TagsAdded added{{std::make_shared<const TagInfo>(info)}};
        cache_.apply(added);
        table_.onTagsAdded(added);
        return info.id;
    }

    /// One batch; all values in it are at `base` (a minute) plus 5 ms.
    SharedBatch change(const std::vector<std::pair<TagId, double>>& values, std::int64_t minute = 0) {
        const auto base = fromUnixMillis(minute * 60'000);
        auto batch =
            std::make_shared<ChangeBatch>(ChangeNumber{cache_.last().value() + 1}, base, wire::appendRow);
        for (const auto& [tag, value] : values) {
            batch->push(tag, {Value(value), {}, base + std::chrono::milliseconds(5), {}});
        }
        cache_.apply(*batch, table_.watched());
        table_.onBatch(*batch);
        replay_.push_back(batch);
        return batch;
    }

    Subscription& subscribe(std::vector<std::string> names, SubscriptionTerms terms = {}) {
        terms.id = wire::SubId{static_cast<std::uint32_t>(subscriptions_.size() + 1)};
        if (terms.maxTags == 0) terms.maxTags = 1000;
        if (terms.queueRows == 0) terms.queueRows = 1000;
        if (!scope_) terms.sight = TagSight::everything();
        if (scope_) terms.sight = TagSight::of(scope_);
        subscriptions_.push_back(std::make_unique<Subscription>(*this, terms));
        added_ = table_.add(*subscriptions_.back(), names);
        return *subscriptions_.back();
    }

    /// As a session does it.
    void remove(Subscription& subscription) {
        table_.remove(subscription);
        std::erase(ready_, &subscription);
    }

    /// Gathers every frame that is due within an hour, as a client with a free socket would get them.
    std::vector<std::string> frames(SteadyTime until = SteadyClock::now() + std::chrono::hours(1)) {
        std::vector<std::string> result;
        table_.runDue(until);
        while (!ready_.empty()) {
            auto* subscription = ready_.front();
            ready_.erase(ready_.begin());
            std::string frame;
            if (subscription->gather(frame, cache_, 1'000'000).any) result.push_back(frame);
            table_.gathered(*subscription);
            table_.runDue(until);
        }
        return result;
    }

    void TearDown() override {
        for (const auto& each : subscriptions_) table_.remove(*each);
    }

    /// Who subscribes; null: somebody who sees everything.
    std::shared_ptr<const access::Principal> scope_;
    std::uint32_t nextTag_ = 0;
    TagCache cache_{wire::appendRow};
    SubscriptionTable table_{cache_, [](SteadyTime) {}};
    std::vector<std::unique_ptr<Subscription>> subscriptions_;
    SubscriptionTable::Added added_;
    std::vector<Subscription*> ready_;
    std::vector<std::string> joined_;
    std::vector<SharedBatch> replay_;
};

TEST_F(SubscriptionTest, TagsThatOneMustNotSeeAreNeitherThereNorJoinLater) {
    const std::vector<std::string> seen{"Line1.**"};
    auto viewer = access::anonymous(access::Role::Viewer);
    viewer.scopes = {access::TagScope::parse(seen, {}).value()};
    scope_ = std::make_shared<const access::Principal>(viewer);
    const auto mine = declare("Line1.A");
    const auto other = declare("Line2.A");
    table_.startWithSnapshot(subscribe({"**", "Line2.A", "Line2.B"}));
    ASSERT_EQ(added_.tags.size(), 1U);
    EXPECT_EQ(added_.tags[0]->path.text(), "Line1.A");
    // As if there were none.
    ASSERT_EQ(added_.refused.size(), 2U);
    EXPECT_EQ(added_.refused[0].code, wire::ErrorCode::UnknownTag);
    EXPECT_EQ(added_.refused[0].message, added_.refused[1].message);
    (void)declare("Line2.B");
    (void)declare("Line1.C");
    EXPECT_THAT(joined_, ElementsAre("Line1.C"));
    change({{mine, 1}, {other, 2}});
    const auto sent = frames();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_THAT(sent[0], HasSubstr("[0,1"));
    EXPECT_THAT(sent[0], Not(HasSubstr("[1,2")));
}

TEST_F(SubscriptionTest, WhoSeesNothingIsSentNothing) {
    scope_ = std::make_shared<const access::Principal>(access::stranger());
    const auto a = declare("A");
    table_.startWithSnapshot(subscribe({"**"}));
    EXPECT_THAT(added_.tags, IsEmpty());
    change({{a, 1}});
    for (const auto& frame : frames()) EXPECT_THAT(frame, HasSubstr(R"("v":[])"));
}

TEST_F(SubscriptionTest, SnapshotThenOnlyChanges) {
    const auto a = declare("A");
    const auto b = declare("B");
    (void)declare("Silent");
    change({{a, 1}, {b, 2}});
    table_.startWithSnapshot(subscribe({"A", "B", "Silent"}));
    EXPECT_THAT(frames(),
                ElementsAre(R"({"t":"data","sub":1,"seq":2,"b":0,"snap":1,"v":[[0,1,5],[1,2,5]]})"));
    EXPECT_THAT(frames(), IsEmpty());
    change({{b, 3}});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":3,"b":0,"v":[[1,3,5]]})"));
}

TEST_F(SubscriptionTest, AnEmptySnapshotIsSentToo) {
    table_.startWithSnapshot(subscribe({"Nothing.**"}));
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":0,"b":0,"snap":1,"v":[]})"));
}

TEST_F(SubscriptionTest, LatestConflatesToTheFinalValue) {
    const auto a = declare("A");
    table_.startWithSnapshot(subscribe({"A"}));
    (void)frames();
    for (double value = 1; value <= 50; ++value) change({{a, value}});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":50,"b":0,"v":[[0,50,5]]})"));
}

TEST_F(SubscriptionTest, TheIntervalHoldsBackAndTheFirstChangeAfterASilenceDoesNot) {
    const auto a = declare("A");
    table_.startWithSnapshot(subscribe({"A"}, {.min = std::chrono::minutes(10)}));
    EXPECT_EQ(frames(SteadyClock::now()).size(), 1U);
    change({{a, 1}});
    EXPECT_THAT(frames(SteadyClock::now() + std::chrono::minutes(9)), IsEmpty());
    EXPECT_EQ(frames(SteadyClock::now() + std::chrono::minutes(11)).size(), 1U);
}

TEST_F(SubscriptionTest, SubscriptionsOfOneIntervalAreDueTogether) {
    using std::chrono::milliseconds;
    const auto a = declare("A");
    for (int i = 0; i < 8; ++i) {
        auto& subscription = subscribe({"A"}, {.min = milliseconds(100)});
        table_.startWithSnapshot(subscription);
        const auto before = SteadyClock::now();
        EXPECT_EQ(frames(before).size(), 1U);
        const auto earliest = subscription.earliestFrame();
        EXPECT_GE(earliest, before + milliseconds(80));
        EXPECT_LE(earliest, SteadyClock::now() + milliseconds(120));
        EXPECT_EQ(earliest.time_since_epoch() % milliseconds(20), SteadyTime::duration::zero());
    }
    change({{a, 1}});
    EXPECT_EQ(frames().size(), 8U);
}

TEST_F(SubscriptionTest, ASubscriptionThatLeavesWhileItWaitsIsForgotten) {
    const auto a = declare("A");
    auto& leaves = subscribe({"A"}, {.min = std::chrono::minutes(1)});
    auto& stays = subscribe({"A"}, {.min = std::chrono::minutes(1)});
    for (auto* each : {&leaves, &stays}) table_.startWithSnapshot(*each);
    EXPECT_EQ(frames(SteadyClock::now()).size(), 2U);
    change({{a, 1}});
    remove(leaves);
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("\"sub\":2")));
}

TEST_F(SubscriptionTest, LongRowsAndShortOnesStandInOneFrame) {
    const auto a = declare("A");
    const auto text = declare("Text");
    const auto b = declare("B");
    table_.startWithSnapshot(subscribe({"A", "Text", "B"}));
    (void)frames();
    const std::string words(300, 'x');
    auto batch = std::make_shared<ChangeBatch>(ChangeNumber{1}, fromUnixMillis(0), wire::appendRow);
    for (const auto& [tag, value] :
         {std::pair(a, Value(1.0)), std::pair(text, Value(words)), std::pair(b, Value(2.0))}) {
        batch->push(tag, {value, {}, fromUnixMillis(5), {}});
    }
    cache_.apply(*batch, table_.watched());
    table_.onBatch(*batch);
    EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("v":[[0,1,5],[1,")" + words + R"(",5],[2,2,5]]})")));
    change({{text, 7}});
    EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("v":[[1,7,5]]})")))
        << "a short row takes the long one's place";
}

TEST_F(SubscriptionTest, EverySlotHasItsTurnInFramesThatAreTooSmall) {
    std::vector<std::pair<TagId, double>> values;
    for (int i = 0; i < 300; ++i) values.emplace_back(declare("T" + std::to_string(i)), 1);
    change(values);
    auto& subscription = subscribe({"**"});
    table_.startWithSnapshot(subscription);
    std::string seen;
    std::string frame;
    for (int i = 0; i < 40; ++i) {
        change({values.front()});  // wants its turn again and again
        ASSERT_TRUE(subscription.gather(frame, cache_, 200).any);
        seen += frame;
    }
    EXPECT_THAT(seen, HasSubstr("[299,1,5]"));
}

TEST_F(SubscriptionTest, AllKeepsEveryChange) {
    const auto a = declare("A");
    table_.startWithSnapshot(subscribe({"A"}, {.mode = wire::Mode::All}));
    (void)frames();
    for (const double value : {1, 2, 3}) change({{a, value}});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":3,"b":0,"v":[[0,1,5],[0,2,5],[0,3,5]]})"));
}

TEST_F(SubscriptionTest, AllSkipsOnlyWhenFullAndSaysSo) {
    const auto a = declare("A");
    const auto b = declare("B");
    table_.startWithSnapshot(subscribe({"A", "B"}, {.mode = wire::Mode::All, .queueRows = 2}));
    (void)frames();
    change({{a, 1}, {b, 2}, {a, 3}, {a, 4}, {a, 5}, {b, 6}});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":2,"b":0,"v":[[0,1,5],[1,2,5]]})",
                                      R"({"t":"lag","sub":1,"skipped":2,"state":"conflating"})",
                                      R"({"t":"data","sub":1,"seq":6,"b":0,"v":[[0,5,5],[1,6,5]]})",
                                      R"({"t":"lag","sub":1,"skipped":2,"state":"current"})"));
    change({{a, 7}, {a, 8}});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":8,"b":0,"v":[[0,7,5],[0,8,5]]})"))
        << "current again";
}

TEST_F(SubscriptionTest, RowsOfAnEarlierMinuteAreCountedFromTheFramesBase) {
    const auto a = declare("A");
    const auto b = declare("B");
    table_.startWithSnapshot(subscribe({"A", "B"}));
    (void)frames();
    change({{a, 1}}, 0);
    change({{b, 2}}, 1);
    EXPECT_THAT(frames(),
                ElementsAre(R"({"t":"data","sub":1,"seq":2,"b":60000,"v":[[0,1,-59995],[1,2,5]]})"));
}

TEST_F(SubscriptionTest, AllPutsRowsOfTwoMinutesIntoTwoFrames) {
    const auto a = declare("A");
    table_.startWithSnapshot(subscribe({"A"}, {.mode = wire::Mode::All}));
    (void)frames();
    change({{a, 1}}, 0);
    change({{a, 2}}, 1);
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":1,"seq":1,"b":0,"v":[[0,1,5]]})",
                                      R"({"t":"data","sub":1,"seq":2,"b":60000,"v":[[0,2,5]]})"));
}

TEST_F(SubscriptionTest, CreditsAreUsedUpAndComeBackButNeverGrow) {
    const auto a = declare("A");
    auto& subscription = subscribe({"A"}, {.credits = 2});
    table_.startWithSnapshot(subscription);
    (void)frames();
    change({{a, 1}});
    EXPECT_EQ(frames().size(), 1U);
    change({{a, 2}});
    change({{a, 3}});
    EXPECT_THAT(frames(), IsEmpty());
    subscription.addCredits(1000);
    table_.reschedule(subscription);
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("[[0,3,5]]")));
    change({{a, 4}});
    EXPECT_EQ(frames().size(), 1U);
    change({{a, 5}});
    EXPECT_THAT(frames(), IsEmpty()) << "1000 returned credits count for 2";
}

TEST_F(SubscriptionTest, ResumeSendsWhatWasMissedAndNothingElse) {
    const auto a = declare("A");
    const auto b = declare("B");
    change({{a, 1}, {b, 2}});
    change({{a, 3}});
    auto& none = subscribe({"A", "B"});
    EXPECT_TRUE(table_.startAfter(none, ChangeNumber{3}, replay_));
    EXPECT_THAT(frames(), IsEmpty());
    auto& one = subscribe({"A", "B"});
    EXPECT_TRUE(table_.startAfter(one, ChangeNumber{2}, replay_));
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":2,"seq":3,"b":0,"v":[[0,3,5]]})"));
    auto& many = subscribe({"A", "B"});
    EXPECT_TRUE(table_.startAfter(many, ChangeNumber{0}, replay_));
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"data","sub":3,"seq":3,"b":0,"v":[[0,3,5],[1,2,5]]})"));
    auto& future = subscribe({"A"});
    EXPECT_FALSE(table_.startAfter(future, ChangeNumber{99}, replay_));
}

TEST_F(SubscriptionTest, ResumeOfAllIsGapFreeOrRefused) {
    const auto a = declare("A");
    const auto b = declare("B");
    for (const double value : {1, 2, 3}) change({{a, value}, {b, value}});
    auto& resumed = subscribe({"A"}, {.mode = wire::Mode::All});
    EXPECT_TRUE(table_.startAfter(resumed, ChangeNumber{2}, replay_));
    EXPECT_THAT(frames(), ElementsAre(HasSubstr(R"("v":[[0,2,5],[0,3,5]])")));
    replay_.erase(replay_.begin());
    auto& tooLate = subscribe({"A"}, {.mode = wire::Mode::All});
    EXPECT_FALSE(table_.startAfter(tooLate, ChangeNumber{1}, replay_));
    EXPECT_TRUE(table_.startAfter(tooLate, ChangeNumber{2}, replay_));
}

TEST_F(SubscriptionTest, PatternsAndAwaitedNamesFollowTagsThatAppear) {
    const auto a = declare("Line1.A");
    table_.startWithSnapshot(subscribe({"Line1.**", "Later", "Line1.A"}));
    ASSERT_EQ(added_.tags.size(), 1U) << "matched twice, watched once";
    ASSERT_EQ(added_.refused.size(), 1U);
    EXPECT_EQ(added_.refused[0].name, "Later");
    (void)frames();
    (void)declare("Line2.A");
    const auto b = declare("Line1.Sub.B");
    const auto later = declare("Later");
    EXPECT_THAT(joined_, ElementsAre("Line1.Sub.B", "Later"));
    (void)frames();
    change({{a, 1}, {b, 2}, {later, 3}});
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("[[0,1,5],[2,2,5],[3,3,5]]")));
}

TEST_F(SubscriptionTest, LimitsAndWrongPatternsAreAnswered) {
    (void)declare("A");
    (void)declare("B");
    (void)subscribe({"**", "x**"}, {.maxTags = 1});
    ASSERT_EQ(added_.tags.size(), 1U);
    ASSERT_EQ(added_.refused.size(), 2U);
    EXPECT_EQ(added_.refused[0].code, wire::ErrorCode::TooManyTags);
    EXPECT_EQ(added_.refused[1].code, wire::ErrorCode::BadPattern);
}

TEST_F(SubscriptionTest, OneThatLeavesTakesNothingFromTheOthers) {
    const auto a = declare("A");
    const auto b = declare("B");
    auto& first = subscribe({"A", "B"});
    auto& second = subscribe({"B", "A"});
    auto& third = subscribe({"A"});
    for (auto* each : {&first, &second, &third}) table_.startWithSnapshot(*each);
    (void)frames();
    change({{a, 1}});
    remove(first);
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("\"sub\":2"), HasSubstr("\"sub\":3")));
    remove(third);
    change({{a, 2}, {b, 3}});
    EXPECT_THAT(frames(), ElementsAre(HasSubstr("[[1,3,5],[0,2,5]]")));
    remove(second);
    change({{a, 4}});
    EXPECT_THAT(frames(), IsEmpty());
    EXPECT_THAT(table_.watched(), Not(testing::Contains(true)));
}

TEST_F(SubscriptionTest, ALargeSnapshotComesInFramesThatSayMore) {
    std::vector<std::pair<TagId, double>> values;
    values.reserve(100);
    for (int i = 0; i < 100; ++i) values.emplace_back(declare("T" + std::to_string(i)), 123456);
    change(values);
    auto& subscription = subscribe({"**"});
    table_.startWithSnapshot(subscription);
    table_.runDue(SteadyClock::now());
    std::vector<std::string> parts;
    std::string frame;
    while (true) {
        const auto gathered = subscription.gather(frame, cache_, 500);
        if (!gathered.any) break;
        parts.push_back(frame);
        EXPECT_EQ(gathered.completeUpTo.has_value(), !frame.ends_with(R"("more":1})"));
    }
    ASSERT_GT(parts.size(), 2U);
    EXPECT_THAT(parts.front(), HasSubstr(R"("snap":1)"));
    EXPECT_THAT(parts.back(), Not(HasSubstr("more")));
    std::size_t rows = 0;
    for (const auto& part : parts)
        rows += static_cast<std::size_t>(std::count(part.begin(), part.end(), '[')) - 1;
    EXPECT_EQ(rows, 100U);
}

TEST_F(SubscriptionTest, AfterTheShardFellBehindTheFinalValuesArriveAndAllIsTold) {
    const auto a = declare("A");
    change({{a, 1}}, 1);
    table_.startWithSnapshot(subscribe({"A"}));
    table_.startWithSnapshot(subscribe({"A"}, {.mode = wire::Mode::All}));
    (void)frames();
    StoreSnapshot snapshot;
    snapshot.tags.push_back(
        {cache_.find(a)->info, ChangeNumber{40}, {Value(40.0), {}, fromUnixMillis(60'005), {}}});
    snapshot.last = ChangeNumber{40};
    snapshot.skippedChanges = 39;
    const auto seen = cache_.last();
    cache_.apply(snapshot);
    table_.onSnapshot(snapshot, seen);
    EXPECT_THAT(frames(),
                testing::UnorderedElementsAre(R"({"t":"data","sub":1,"seq":40,"b":60000,"v":[[0,40,5]]})",
                                              R"({"t":"lag","sub":2,"skipped":39,"state":"conflating"})",
                                              R"({"t":"data","sub":2,"seq":40,"b":60000,"v":[[0,40,5]]})",
                                              R"({"t":"lag","sub":2,"skipped":39,"state":"current"})"));
}

}  // namespace
}  // namespace tagwire::serve
