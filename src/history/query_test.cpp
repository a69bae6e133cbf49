#include "history/query.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/merge.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class QueryTest : public testing::Test {
protected:
    void SetUp() override {
        storage_.emplace(folder_.path(), StorageLimits{});
        ASSERT_TRUE(storage_->open(kTestStart - seconds{1}));
        now_ = kTestStart + std::chrono::hours{10};
    }
    void append(const std::vector<HistorySample>& list) {
        for (const auto& sample : list) ASSERT_TRUE(storage_->append(storage_->seriesOf(path("A")), sample));
    }
    void pack() {
        ASSERT_TRUE(storage_->commit(now_));
        now_ += seconds{10};
        while (storage_->maintain(now_)) {
        }
    }
    HistorySeries ask(seconds from, seconds to, HistoryForm form, std::size_t count) {
        QueryRunner runner(folder_.path());
        const bool raw = form == HistoryForm::Raw;
        auto answer = askStorage(*storage_, runner,
                                 {.tags = {path("A")},
                                  .from = kTestStart + from,
                                  .to = kTestStart + to,
                                  .form = form,
                                  .intervals = raw ? 0 : count,
                                  .limit = raw ? count : 0},
                                 now_);
        return answer.series.at(0);
    }

    TestFolder folder_;
    Timestamp now_;
    std::optional<Storage> storage_;
};

TEST_F(QueryTest, AnUnknownTagIsSaidToBeUnknown) {
    const auto series = ask(seconds{0}, seconds{10}, HistoryForm::Raw, 10);
    EXPECT_FALSE(series.known);
}

TEST_F(QueryTest, TheTimeAskedForIsHalfOpenAndKnowsWhatWasBefore) {
    append({sampleAt(seconds{1}, Value(1.0)), sampleAt(seconds{2}, Value(2.0)),
            sampleAt(seconds{3}, Value(3.0))});
    const auto series = ask(seconds{2}, seconds{3}, HistoryForm::Raw, 10);
    ASSERT_EQ(series.samples.size(), 1U);
    EXPECT_EQ(series.samples[0].value.value, Value(2.0));
    ASSERT_TRUE(series.before);
    EXPECT_EQ(series.before->value.value, Value(1.0));
}

TEST_F(QueryTest, PagesOfSeveralTagsGoTagByTag) {
    for (const char* tag : {"A", "B"}) {
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(storage_->append(storage_->seriesOf(path(tag)), sampleAt(seconds{1}, Value(i))));
    }
    QueryRunner runner(folder_.path());
    HistoryQuery query{.tags = {path("A"), path("B")},
                       .from = kTestStart,
                       .to = kTestStart + seconds{10},
                       .form = HistoryForm::Raw,
                       .intervals = 0,
                       .limit = 2};
    std::vector<std::size_t> pages;
    std::size_t samples = 0;
    do {
        const auto answer = askStorage(*storage_, runner, query, now_);
        pages.push_back(answer.series.size());
        for (const auto& series : answer.series) samples += series.samples.size();
        query.cursor = answer.more;
    } while (!query.cursor.empty() && pages.size() < 10);
    EXPECT_EQ(samples, 6U);
    EXPECT_EQ(pages, (std::vector<std::size_t>{1, 2, 1}));
}

TEST_F(QueryTest, RefusesWhatCannotBeRight) {
    const HistoryQuery good{.tags = {path("A")},
                            .from = kTestStart,
                            .to = kTestStart + seconds{1},
                            .form = HistoryForm::Raw,
                            .intervals = 0,
                            .limit = 1};
    EXPECT_FALSE(checkQuery(good));
    auto query = good;
    query.tags.clear();
    EXPECT_TRUE(checkQuery(query));
    query = good;
    query.limit = 0;
    EXPECT_TRUE(checkQuery(query));
    query = good;
    std::swap(query.from, query.to);
    EXPECT_TRUE(checkQuery(query));
    query = good;
    query.from = Timestamp{Ticks::min()};
    query.to = Timestamp{Ticks::max()};
    EXPECT_TRUE(checkQuery(query));
    for (const char* cursor :
         {"x", "0", "0.1", "9.17672256000000000.0", "0.1.0", "0.17672256000000000.0.", "-1.1.1"}) {
        query = good;
        query.cursor = cursor;
        ASSERT_TRUE(checkQuery(query)) << cursor;
        EXPECT_EQ(checkQuery(query)->status, kBadContinuationPointInvalid);
    }
    query = good;
    query.form = HistoryForm::Drawing;
    query.intervals = kMaxHistoryIntervals + 1;
    EXPECT_TRUE(checkQuery(query));
}

TEST_F(QueryTest, AveragesAreWeightedByTimeAndCountFromWhatHeldBefore) {
    append({sampleAt(seconds{0}, Value(10.0)), sampleAt(seconds{15}, Value(20.0)),
            sampleAt(seconds{18}, Value(0.0)), sampleAt(seconds{25}, Value{}, kBadDataLost)});
    const auto series = ask(seconds{10}, seconds{40}, HistoryForm::Aggregates, 3);
    ASSERT_EQ(series.intervals.size(), 2U);
    const auto& first = series.intervals[0];
    EXPECT_EQ(first.count, 2U);
    EXPECT_DOUBLE_EQ(first.average, (5 * 10.0 + 3 * 20.0 + 2 * 0.0) / 10);
    EXPECT_EQ(first.known, Ticks(seconds{10}));
    EXPECT_EQ(first.maximumTime, kTestStart + seconds{15});
    const auto& second = series.intervals[1];
    EXPECT_EQ(second.count, 0U);
    EXPECT_EQ(second.withoutNumber, 1U);
    EXPECT_EQ(second.known, Ticks(seconds{5}));
    EXPECT_DOUBLE_EQ(second.average, 0.0);
    EXPECT_EQ(second.worst, kBadDataLost);
    EXPECT_TRUE(second.endsWithoutNumber);
}

TEST_F(QueryTest, AnAggregateHoldsToNowAndADrawingOnlyHasSamples) {
    append({sampleAt(seconds{0}, Value(7.0))});
    now_ = kTestStart + seconds{25};
    const auto report = ask(seconds{0}, seconds{100}, HistoryForm::Aggregates, 10);
    ASSERT_EQ(report.intervals.size(), 3U);
    EXPECT_EQ(report.intervals[2].known, Ticks(seconds{5}));
    EXPECT_EQ(report.intervals[2].count, 0U);
    EXPECT_DOUBLE_EQ(report.intervals[2].average, 7.0);
    EXPECT_EQ(ask(seconds{0}, seconds{100}, HistoryForm::Drawing, 10).intervals.size(), 1U);
}

TEST_F(QueryTest, TextsAreThinnedToTheLastOfEachInterval) {
    append({sampleAt(seconds{1}, Value("a")), sampleAt(seconds{2}, Value("b")),
            sampleAt(seconds{12}, Value("c")), sampleAt(seconds{13}, Value(1.0))});
    pack();
    const auto series = ask(seconds{0}, seconds{20}, HistoryForm::Drawing, 2);
    EXPECT_TRUE(series.thinned);
    ASSERT_EQ(series.samples.size(), 2U);
    EXPECT_EQ(series.samples[0].value.value, Value("b"));
    EXPECT_EQ(series.samples[1].value.value, Value("c"));
    EXPECT_EQ(series.intervals.size(), 2U);
    EXPECT_EQ(series.intervals[1].count, 1U);
}

TEST_F(QueryTest, AQueryNobodyWaitsForEnds) {
    append(plantSamples(10));
    std::stop_source stop;
    stop.request_stop();
    QueryRunner runner(folder_.path());
    HeadSnapshot snapshot{.archive = storage_->archiveNumber(),
                          .heads = {storage_->head(*storage_->find("A"))}};
    const auto result = runner.run({.tags = {path("A")},
                                    .from = kTestStart,
                                    .to = kTestStart + seconds{1},
                                    .form = HistoryForm::Raw,
                                    .intervals = 0,
                                    .limit = 1},
                                   snapshot, stop.get_token(), now_);
    ASSERT_TRUE(result);
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().status, kBadRequestCancelledByClient);
}

TEST_F(QueryTest, SamplesThatMovedOnMeanAskingAgain) {
    append(plantSamples(2000));
    ASSERT_TRUE(storage_->commit(now_));
    const HeadSnapshot snapshot{.archive = storage_->archiveNumber(),
                                .heads = {storage_->head(*storage_->find("A"))}};
    pack();
    QueryRunner runner(folder_.path());
    EXPECT_FALSE(runner.run({.tags = {path("A")},
                             .from = kTestStart,
                             .to = kTestStart + seconds{1},
                             .form = HistoryForm::Raw,
                             .intervals = 0,
                             .limit = 1},
                            snapshot, {}, now_));
}

/// What intervals say is what the samples say, however they lie in chunks, overlap, or are still in memory.
TEST_F(QueryTest, IntervalsAreThoseOfTheSamples) {
    std::minstd_rand random(7);
    std::int64_t time = 0;
    for (int part = 0; part < 6; ++part) {
        std::vector<HistorySample> list;
        for (int i = 0; i < 1500; ++i) {
            time += static_cast<std::int64_t>(random() % 2000);
            auto sample = sampleAt(milliseconds{time}, Value(static_cast<double>(random() % 1000) / 10));
            if (random() % 40 == 0) sample.value.status = kBadSensorFailure;
            if (random() % 60 == 0) sample.value.value = Value{};
            if (random() % 30 == 0) sample.value.sourceTime -= seconds{random() % 200};
            list.push_back(sample);
        }
        append(list);
        if (part < 5) pack();
    }
    for (int round = 0; round < 60; ++round) {
        const auto all = time / 1000;
        const seconds from{static_cast<std::int64_t>(random()) % all};
        const seconds to = from + seconds{1 + static_cast<std::int64_t>(random()) % all};
        const std::size_t count = 1 + random() % 200;
        const auto raw = ask(from, to, HistoryForm::Raw, 100'000);
        const auto drawn = ask(from, to, HistoryForm::Drawing, count);
        const auto start = [&](std::size_t i) {
            const auto span = Ticks(to - from).count();
            const auto n = static_cast<std::int64_t>(count);
            const auto at = static_cast<std::int64_t>(i);
            return kTestStart + from + Ticks{span / n * at + span % n * at / n};
        };
        std::size_t next = 0;
        double held = raw.before ? numberOf(raw.before->value) : kNoNumber;
        auto sample = raw.samples.begin();
        for (std::size_t i = 0; i < count; ++i) {
            const auto begin = start(i);
            const auto end = start(i + 1);
            double integral = 0;
            double known = 0;
            double low = kNoNumber;
            double high = kNoNumber;
            std::uint64_t numbers = 0;
            std::uint64_t others = 0;
            auto at = begin;
            const auto hold = [&](Timestamp until) {
                if (!std::isnan(held)) {
                    known += static_cast<double>((until - at).count());
                    integral += held * static_cast<double>((until - at).count());
                }
                at = until;
            };
            for (; sample != raw.samples.end() && sample->value.sourceTime < end; ++sample) {
                hold(sample->value.sourceTime);
                held = numberOf(sample->value);
                std::isnan(held) ? ++others : ++numbers;
                low = std::fmin(low, held);
                high = std::fmax(high, held);
            }
            hold(end);
            if (numbers + others == 0) continue;
            ASSERT_LT(next, drawn.intervals.size());
            const auto& interval = drawn.intervals[next++];
            EXPECT_EQ(interval.start, begin);
            EXPECT_EQ(interval.count, numbers);
            EXPECT_EQ(interval.withoutNumber, others);
            EXPECT_EQ(static_cast<double>(interval.known.count()), known);
            if (numbers > 0) {
                EXPECT_EQ(interval.minimum, low);
                EXPECT_EQ(interval.maximum, high);
            }
            if (known > 0) {
                EXPECT_NEAR(interval.average, integral / known, 1e-6);
            }
        }
        EXPECT_EQ(next, drawn.intervals.size());
    }
}

/// Straight from the definition (interpolator.h).
std::optional<HistorySample> interpolated(const std::vector<HistorySample>& samples, Timestamp at,
                                          bool stepped) {
    const auto usable = [](const HistorySample& each) {
        return each.value.status.isGood() && std::isfinite(each.value.value.toDouble()) &&
               !each.value.value.isNull();
    };
    std::optional<std::size_t> left;
    std::optional<std::size_t> right;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (!usable(samples[i])) continue;
        if (samples[i].value.sourceTime <= at) left = i;
        if (samples[i].value.sourceTime > at && !right) right = i;
    }
    if (!left) return std::nullopt;
    auto made = samples[*left];
    if (made.value.sourceTime == at) return made;
    bool certain = stepped || right;
    for (auto i = *left + 1; i < right.value_or(samples.size()); ++i) {
        if (!stepped || samples[i].value.sourceTime <= at) certain = false;
    }
    if (!stepped && right) {
        const auto& next = samples[*right].value;
        const double share = static_cast<double>((at - made.value.sourceTime).count()) /
                             static_cast<double>((next.sourceTime - made.value.sourceTime).count());
        const double from = made.value.value.toDouble();
        made.value.value = Value(from + (next.value.toDouble() - from) * share);
    }
    made.value.status = (certain ? StatusCode{} : kUncertainDataSubNormal).withInterpolated();
    made.value.sourceTime = at;
    return made;
}

TEST_F(QueryTest, InterpolatedValuesLieBetweenTheSamples) {
    std::minstd_rand random(11);
    std::vector<HistorySample> all;
    std::int64_t time = 0;
    for (int part = 0; part < 3; ++part) {
        std::vector<HistorySample> list;
        for (int i = 0; i < 1200; ++i) {
            // Often equal, and at full seconds, where values are asked for.
            time += 500 * static_cast<std::int64_t>(random() % 6);
            auto sample = sampleAt(milliseconds{time}, Value(static_cast<double>(random() % 1000) / 10));
            if (random() % 20 == 0) sample.value.status = kBadSensorFailure;
            if (random() % 30 == 0) sample.value.value = Value{};
            if (random() % 30 == 0) sample.value.value = Value(std::nan(""));
            if (random() % 30 == 0) sample.value.sourceTime -= seconds{random() % 200};
            list.push_back(sample);
        }
        append(list);
        if (part < 2) pack();
        all.insert(all.end(), list.begin(), list.end());
    }
    sortSamples(all);
    const auto length = time / 1000;
    QueryRunner runner(folder_.path());
    for (int round = 0; round < 80; ++round) {
        const seconds from{static_cast<std::int64_t>(random()) % length - 100};
        const seconds to = from + seconds{1 + static_cast<std::int64_t>(random()) % (length + 100)};
        const auto count =
            round % 2 == 0 ? static_cast<std::size_t>((to - from).count()) : 1 + random() % 200;
        const bool stepped = round % 3 == 0;
        const auto series = askStorage(*storage_, runner,
                                       {.tags = {path("A")},
                                        .from = kTestStart + from,
                                        .to = kTestStart + to,
                                        .form = HistoryForm::Interpolated,
                                        .intervals = count,
                                        .limit = 0,
                                        .cursor = {},
                                        .stepped = {stepped}},
                                       now_)
                                .series.at(0);
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto span = Ticks(to - from).count();
            const auto at = kTestStart + from +
                            Ticks{span * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(count)};
            const auto expected = interpolated(all, at, stepped);
            if (!expected) continue;
            SCOPED_TRACE(testing::Message() << "round " << round << ", value " << i);
            ASSERT_LT(next, series.samples.size());
            const auto& value = series.samples[next++].value;
            ASSERT_EQ(value.sourceTime, at);
            ASSERT_EQ(value.status, expected->value.status);
            ASSERT_NEAR(value.value.toDouble(), expected->value.value.toDouble(), 1e-9);
        }
        EXPECT_EQ(next, series.samples.size());
    }
}

TEST_F(QueryTest, InterpolatedIntegersAreRoundedAndStatesHold) {
    append({sampleAt(seconds{0}, Value(std::int64_t{1} << 62)),
            sampleAt(seconds{2}, Value((std::int64_t{1} << 62) + 3)), sampleAt(seconds{4}, Value(true)),
            sampleAt(seconds{6}, Value("a text")), sampleAt(seconds{8}, Value(1.0F)),
            sampleAt(seconds{10}, Value(2.0F), kUncertain)});
    const auto series = ask(seconds{-1}, seconds{12}, HistoryForm::Interpolated, 13);
    ASSERT_EQ(series.samples.size(), 12U);
    const auto value = [&](std::size_t second) { return series.samples[second].value.value; };
    const auto status = [&](std::size_t second) { return series.samples[second].value.status; };
    EXPECT_EQ(value(0), Value(std::int64_t{1} << 62));
    EXPECT_EQ(status(0), StatusCode{});
    EXPECT_EQ(value(1), Value((std::int64_t{1} << 62) + 2));
    EXPECT_EQ(status(1), StatusCode{0x402});
    EXPECT_EQ(value(5), Value(true));
    EXPECT_EQ(value(7), Value("a text"));
    EXPECT_EQ(value(9), Value(1.5F));
    EXPECT_EQ(status(9), kUncertain.withInterpolated());
    EXPECT_EQ(value(11), Value(2.0F));
    EXPECT_EQ(status(11), kUncertainDataSubNormal.withInterpolated());
}

TEST_F(QueryTest, AUsableSampleIsFoundBehindABadOneOfItsTime) {
    append({sampleAt(seconds{0}, Value(100.0)), sampleAt(seconds{5}, Value(2.0)),
            sampleAt(seconds{5}, Value{}, kBadSensorFailure)});
    pack();
    append({sampleAt(seconds{15}, Value(4.0))});
    const auto series = ask(seconds{10}, seconds{11}, HistoryForm::Interpolated, 1);
    ASSERT_EQ(series.samples.size(), 1U);
    EXPECT_EQ(series.samples[0].value.value, Value(3.0));
    EXPECT_EQ(series.samples[0].value.status, kUncertainDataSubNormal.withInterpolated());
}

TEST_F(QueryTest, NothingIsInterpolatedAfterNow) {
    append({sampleAt(seconds{0}, Value(1.0)), sampleAt(seconds{1}, Value(2.0))});
    now_ = kTestStart + seconds{5};
    EXPECT_EQ(ask(seconds{0}, seconds{10}, HistoryForm::Interpolated, 10).samples.size(), 6U);
}

}  // namespace
}  // namespace tagwire::history
