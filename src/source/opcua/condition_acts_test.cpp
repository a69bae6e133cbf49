// Acknowledging through the whole source at a real OPC UA server. Ours has no conditions: what comes of one
// that exists is for tests/system/events.test.mjs.
#include "source/opcua/session/condition_acts.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcua/source_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Answer = ServiceResult<ConditionAnswer>;

/// Answers in the order in which they came. Thread: any.
class Answers {
public:
    ServiceAnswer<ConditionAnswer> taker() {
        return [this](Answer answer) {
            const std::scoped_lock lock(mutex_);
            got_.push_back(std::move(answer));
            changed_.notify_all();
        };
    }
    [[nodiscard]] std::vector<Answer> await(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return got_.size() >= count; }));
        return got_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Answer> got_;
};

class ConditionActsTest : public OpcUaSourceTest {
protected:
    void startWithEvents() {
        auto given = options();
        given.events.enabled = true;
        start(std::move(given));
        ASSERT_NE(source_->conditions(), nullptr);
    }
    static ConditionOrder order(std::string condition) {
        return {.method = ConditionMethod::Acknowledge,
                .key = {.condition = std::move(condition), .branch = {}},
                .eventId = "event",
                .comment = {"", "on my way"},
                .user = "anna"};
    }
    Answer act(std::string condition, std::chrono::milliseconds within = 5s) {
        Answers answers;
        source_->conditions()->act(order(std::move(condition)), SteadyClock::now() + within, answers.taker());
        auto got = answers.await(1);
        return got.empty() ? failure(kBadTimeout, "the test waited in vain") : std::move(got.front());
    }
};

TEST_F(ConditionActsTest, TheServersRefusalComesInWords) {
    PeerProcess peer(kPort);
    startWithEvents();
    awaitLive();
    const auto unknown = act("nsu=http://tagwire.test/plant/;s=NoSuchAlarm");
    ASSERT_TRUE(unknown) << unknown.error().message;
    EXPECT_TRUE(unknown->status.isBad());
    EXPECT_THAT(unknown->message, HasSubstr("not acknowledged: "));
    const auto elsewhere = act("nsu=urn:nowhere;i=1");
    ASSERT_TRUE(elsewhere);
    EXPECT_EQ(elsewhere->status, kBadNodeIdUnknown);
    EXPECT_THAT(elsewhere->message, HasSubstr("no such condition any more"));
    const auto none = act("no node at all");
    ASSERT_TRUE(none);
    EXPECT_EQ(none->status, kBadNodeIdInvalid);
}

TEST_F(ConditionActsTest, NothingIsSentTooLateOrWithoutAConnection) {
    {
        PeerProcess peer(kPort);
        startWithEvents();
        awaitLive();
        const auto late = act("i=2253", 0ms);
        ASSERT_FALSE(late);
        EXPECT_EQ(late.error().status, kBadRequestTimeout);
    }
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    ASSERT_TRUE(sink_.await(kPatience, [&] {
        const auto phase = sink_.statesUnlocked().back().phase;
        return phase == SourcePhase::Backoff || phase == SourcePhase::Connecting;
    }));
    const auto away = act("i=2253");
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().status, kBadServerNotConnected);
    source_->stop();
    EXPECT_FALSE(act("i=2253"));
}

TEST_F(ConditionActsTest, EachIsAnsweredOnceAndNoMoreWaitThanMay) {
    PeerProcess peer(kPort);
    startWithEvents();
    awaitLive();
    Answers answers;
    constexpr std::size_t kAsked = 5 * ConditionActs::kMaxOpen;
    for (std::size_t i = 0; i < kAsked; ++i)
        source_->conditions()->act(order("i=2253"), SteadyClock::now() + 5s, answers.taker());
    for (const auto& answer : answers.await(kAsked)) {
        EXPECT_TRUE(answer || answer.error().status == kBadTooManyOperations);
    }
    const auto after = act("i=2253");
    EXPECT_TRUE(after) << "there is room again";
    source_->stop();
    EXPECT_EQ(answers.await(kAsked).size(), kAsked);
}

TEST_F(ConditionActsTest, WithoutEventsNothingIsKnownOfConditions) {
    start(options());
    EXPECT_EQ(source_->conditions(), nullptr);
}

}  // namespace
}  // namespace tagwire::source::opcua
