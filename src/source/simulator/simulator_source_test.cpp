#include "source/simulator/simulator_source.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "model/source_events.h"
#include "model/tag_id.h"

namespace tagwire::source::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Keeps everything the source says. Thread: any.
class Recorder final : public UpdateSink {
public:
    TagId allocateTag() override { return ids_.next(); }

    void declare(std::vector<SharedTagInfo> declared) override {
        const std::scoped_lock lock(mutex_);
        for (auto& tag : declared) tags.emplace(tag->id, std::move(tag));
    }

    void post(std::vector<TagUpdate> updates) override {
        {
            const std::scoped_lock lock(mutex_);
            posts.push_back(std::move(updates));
            times.push_back(SteadyClock::now());
        }
        condition_.notify_all();
    }

    void changeState(SourceState state) override {
        const std::scoped_lock lock(mutex_);
        states.push_back(std::move(state));
    }

    void postEvents(EventBatch batch) override {
        {
            const std::scoped_lock lock(mutex_);
            events.take(std::move(batch));
        }
        condition_.notify_all();
    }

    /// The first condition that is not acknowledged.
    SharedCondition waitForAlarm() {
        std::unique_lock lock(mutex_);
        if (!condition_.wait_for(lock, seconds{20}, [&] { return events.snapshot()->unacked > 0; }))
            return nullptr;
        return events.snapshot()->conditions->begin()->second;
    }

    bool waitForPosts(std::size_t count) {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, seconds{20}, [&] { return posts.size() >= count; });
    }

    std::map<TagId, SharedTagInfo> tags;
    std::vector<std::vector<TagUpdate>> posts;
    std::vector<SteadyTime> times;
    std::vector<SourceState> states;
    SourceEvents events;

private:
    TagIdAllocator ids_;
    std::mutex mutex_;
    std::condition_variable condition_;
};

TEST(SimulatorSourceTest, DeclaresEverythingThenGoesLiveThenPosts) {
    Recorder sink;
    SimulatorSource source({.scan = milliseconds{20}, .loadTags = 10}, SourceId{3}, sink);
    EXPECT_EQ(source.name(), "simulator");
    source.start();
    ASSERT_TRUE(sink.waitForPosts(3));
    source.stop();

    ASSERT_EQ(sink.states.size(), 2U);
    EXPECT_EQ(sink.states[0].phase, SourcePhase::Live);
    EXPECT_EQ(sink.states[0].kind, "simulator");
    EXPECT_EQ(sink.states[0].source, SourceId{3});
    EXPECT_EQ(sink.states[0].tags, sink.tags.size());
    EXPECT_TRUE(sink.states[0].why.isGood());
    EXPECT_EQ(sink.states[1].phase, SourcePhase::Stopped);
    EXPECT_TRUE(sink.states[1].why.isBad());

    EXPECT_GT(sink.tags.size(), 160U);
    EXPECT_EQ(sink.posts.front().size(), sink.tags.size()) << "the first scan reports every tag";
    std::set<std::string> paths;
    for (const auto& [id, tag] : sink.tags) {
        EXPECT_TRUE(paths.insert(tag->path.text()).second) << tag->path.text();
        EXPECT_EQ(tag->source, SourceId{3});
        EXPECT_TRUE(tag->simulated);
    }
    for (const std::string& path : paths) {
        EXPECT_TRUE(claims({.loadTags = 10}, path)) << path;
    }
    EXPECT_TRUE(paths.contains("Random.Int1"));
    EXPECT_TRUE(paths.contains("Plant.Unit100.TI-101"));
    EXPECT_TRUE(paths.contains("Load.T000010"));
}

TEST(SimulatorSourceTest, ThePrefixComesBeforeEveryPath) {
    Recorder sink;
    SimulatorSource source({.scan = milliseconds{20}, .prefix = "Sim.A", .loadTags = 1}, SourceId{0}, sink);
    source.start();
    ASSERT_TRUE(sink.waitForPosts(1));
    source.stop();
    for (const auto& [id, tag] : sink.tags) EXPECT_TRUE(tag->path.text().starts_with("Sim.A."));
}

TEST(SimulatorSourceTest, SwitchedOffPartsAreAbsent) {
    Recorder sink;
    SimulatorSource source(
        {.scan = milliseconds{20}, .matrikon = false, .plant = false, .loadTags = 5, .loadRateHz = 10},
        SourceId{0}, sink);
    source.start();
    ASSERT_TRUE(sink.waitForPosts(2));
    source.stop();
    EXPECT_EQ(sink.tags.size(), 5U);
}

TEST(SimulatorSourceTest, ScansAreOnTimeWithoutDrift) {
    Recorder sink;
    SimulatorSource source({.scan = milliseconds{20}, .plant = false}, SourceId{0}, sink);
    source.start();
    ASSERT_TRUE(sink.waitForPosts(101));
    source.stop();
    // Waiting 20 ms after each scan, instead of until the next one is due, would add up the time of the scans
    // and of the wake-ups, so that none of the last scans were on time.
    SteadyClock::duration late = seconds{1};
    for (std::size_t scan = 80; scan <= 100; ++scan) {
        const auto planned = milliseconds{20} * static_cast<int>(scan);
        late = std::min(late, sink.times[scan] - sink.times[0] - planned);
    }
    EXPECT_LT(late, milliseconds{5});
    EXPECT_GT(sink.times[100] - sink.times[0], milliseconds{1800});
}

TEST(SimulatorSourceTest, SameSeedSameValuesAtTheSameScan) {
    Recorder one;
    Recorder other;
    for (Recorder* sink : {&one, &other}) {
        SimulatorSource source({.seed = 77, .scan = milliseconds{10}, .loadTags = 20}, SourceId{0}, *sink);
        source.start();
        ASSERT_TRUE(sink->waitForPosts(40));
        source.stop();
    }
    for (std::size_t scan = 0; scan < 40; ++scan) {
        ASSERT_EQ(one.posts[scan].size(), other.posts[scan].size()) << scan;
        for (std::size_t i = 0; i < one.posts[scan].size(); ++i) {
            const TagUpdate& a = one.posts[scan][i];
            const TagUpdate& b = other.posts[scan][i];
            ASSERT_EQ(a.tag, b.tag);
            ASSERT_EQ(a.value.value, b.value.value) << one.tags.at(a.tag)->path.text();
            ASSERT_EQ(a.value.status, b.value.status);
        }
    }
}

TEST(SimulatorSourceTest, StopsAtOnceAndTwice) {
    Recorder sink;
    SimulatorSource source({.scan = seconds{60}}, SourceId{0}, sink);
    source.start();
    ASSERT_TRUE(sink.waitForPosts(1));
    const SteadyTime before = SteadyClock::now();
    source.stop();
    source.stop();
    EXPECT_LT(SteadyClock::now() - before, seconds{1});
    EXPECT_EQ(sink.posts.size(), 1U);
}

TEST(SimulatorSourceTest, StopWithoutStart) {
    Recorder sink;
    SimulatorSource source({}, SourceId{0}, sink);
    source.stop();
    EXPECT_TRUE(sink.states.empty());
}

class WritingToTheSimulator : public testing::Test {
protected:
    [[nodiscard]] SharedTagInfo tag(const std::string& path) const {
        for (const auto& [id, info] : sink_.tags) {
            if (info->path.text() == path) return info;
        }
        return nullptr;
    }
    std::optional<ServiceResult<std::vector<TagWritten>>> write(const std::string& path, Value value,
                                                                SteadyTime deadline) {
        std::mutex mutex;
        std::condition_variable answered;
        std::optional<ServiceResult<std::vector<TagWritten>>> result;
        source_.writer()->write({{tag(path), std::move(value)}}, deadline,
                                [&](ServiceResult<std::vector<TagWritten>> answer) {
                                    const std::scoped_lock lock(mutex);
                                    result = std::move(answer);
                                    answered.notify_all();
                                });
        std::unique_lock lock(mutex);
        answered.wait_for(lock, seconds{10}, [&] { return result.has_value(); });
        return result;
    }
    [[nodiscard]] static SteadyTime soon() { return SteadyClock::now() + seconds{5}; }

    Recorder sink_;
    SimulatorSource source_{
        {.scan = milliseconds{1000}, .plant = false, .writable = {"Bucket Brigade.*", "Random.Int1"}},
        SourceId{3},
        sink_};
};

TEST_F(WritingToTheSimulator, IsDoneAtOnceAndSeen) {
    source_.start();
    ASSERT_TRUE(sink_.waitForPosts(1));
    EXPECT_EQ(tag("Bucket Brigade.Int4")->access, Access::ReadWrite);
    EXPECT_EQ(tag("Write Only.Int4")->access, Access::Read) << "no pattern names it";
    EXPECT_EQ(tag("Random.Int1")->access, Access::Read) << "nothing to write there, pattern or not";
    const auto result = write("Bucket Brigade.Int4", Value(std::int32_t{7}), soon());
    ASSERT_TRUE(result && *result);
    EXPECT_EQ((*result)->front().readBack->value, Value(std::int32_t{7}));
    source_.stop();
    EXPECT_EQ(sink_.posts.at(1).front().value.value, Value(std::int32_t{7})) << "before the next scan";
}

TEST_F(WritingToTheSimulator, IsRefusedWhereNotEnabledOrTooLateOrAtTheEnd) {
    source_.start();
    ASSERT_TRUE(sink_.waitForPosts(1));
    EXPECT_EQ((*write("Write Only.Int4", Value(std::int32_t{7}), soon()))->front().status, kBadNotWritable);
    EXPECT_EQ(write("Bucket Brigade.Int4", Value(std::int32_t{7}), SteadyClock::now())->error().status,
              kBadRequestTimeout);
    source_.stop();
    EXPECT_EQ(write("Bucket Brigade.Int4", Value(std::int32_t{7}), soon())->error().status,
              kBadServerNotConnected);
}

ConditionAnswer waitedFor(ConditionServices& conditions, ConditionOrder order, SteadyTime deadline) {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<ServiceResult<ConditionAnswer>> result;
    conditions.act(std::move(order), deadline, [&](ServiceResult<ConditionAnswer> answer) {
        const std::scoped_lock lock(mutex);
        result = std::move(answer);
        answered.notify_all();
    });
    std::unique_lock lock(mutex);
    answered.wait_for(lock, seconds{10}, [&] { return result.has_value(); });
    if (!result) return {kBadTimeout, "the test waited in vain"};
    return *result ? **result : ConditionAnswer{result->error().status, result->error().message};
}

TEST(AlarmsOfTheSimulator, AreAcknowledgedOnItsThread) {
    Recorder sink;
    SimulatorSource source({.scan = milliseconds{20}, .matrikon = false}, SourceId{3}, sink);
    ASSERT_NE(source.conditions(), nullptr);
    source.start();
    const auto alarm = sink.waitForAlarm();
    ASSERT_NE(alarm, nullptr);
    const ConditionOrder order{.method = ConditionMethod::Acknowledge,
                               .key = alarm->key,
                               .eventId = alarm->event.id,
                               .comment = {},
                               .user = "anna"};
    const auto soon = [] { return SteadyClock::now() + seconds{5}; };
    EXPECT_EQ(waitedFor(*source.conditions(), order, SteadyClock::now()).status, kBadRequestTimeout);
    const auto answer = waitedFor(*source.conditions(), order, soon());
    EXPECT_TRUE(answer.status.isGood()) << answer.message;
    const auto now = sink.events.snapshot()->conditions->at(alarm->key);
    EXPECT_EQ(now->acked, true);
    EXPECT_EQ(now->clientUser, "anna");
    source.stop();
    EXPECT_EQ(waitedFor(*source.conditions(), order, soon()).status, kBadServerNotConnected);
}

TEST(AlarmsOfTheSimulator, AreThePlants) {
    Recorder sink;
    SimulatorSource source({.plant = false}, SourceId{3}, sink);
    EXPECT_EQ(source.conditions(), nullptr);
}

}  // namespace
}  // namespace tagwire::source::simulator
