#include "source/opcda/opcda_source.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/token_hash.h"

namespace tagwire::source::opcda {
namespace {

using testing::HasSubstr;

/// Keeps what the source says, and lets the test wait for it. Thread: any.
class Recorder final : public UpdateSink {
public:
    TagId allocateTag() override { return ids_.next(); }
    void declare(std::vector<SharedTagInfo> tags) override {
        change([&] {
            for (auto& tag : tags) tags_[tag->path.text()] = tag;
        });
    }
    void post(std::vector<TagUpdate> updates) override {
        change([&] {
            for (auto& update : updates) values_[update.tag] = std::move(update.value);
        });
    }
    void changeState(SourceState state) override {
        change([&] { state_ = std::move(state); });
    }

    template <class Condition>
    [[nodiscard]] bool await(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), condition);
    }
    /// Within await(), or after it where nothing more comes.
    [[nodiscard]] const DataValue* value(const std::string& path) const {
        const auto tag = tags_.find(path);
        const auto found = tag == tags_.end() ? values_.end() : values_.find(tag->second->id);
        return found == values_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const SourceState& state() const { return state_; }
    [[nodiscard]] const std::map<std::string, SharedTagInfo>& tags() const { return tags_; }

private:
    template <class Change>
    void change(Change change) {
        {
            const std::scoped_lock lock(mutex_);
            change();
        }
        changed_.notify_all();
    }

    TagIdAllocator ids_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, SharedTagInfo> tags_;
    std::map<TagId, DataValue> values_;
    SourceState state_;
};

class FakeLink final : public AgentLink {
public:
    void send(std::string frame) override {
        const std::scoped_lock lock(mutex_);
        sent_.push_back(std::move(frame));
        changed_.notify_all();
    }
    void close(std::string why) override {
        const std::scoped_lock lock(mutex_);
        closed_ = std::move(why);
        changed_.notify_all();
    }
    [[nodiscard]] std::string awaitFrame(std::size_t index) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return sent_.size() > index; });
        return sent_.size() > index ? sent_[index] : "nothing came";
    }
    [[nodiscard]] std::string awaitClose() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !closed_.empty(); });
        return closed_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> sent_;
    std::string closed_;
};

class OpcDaSourceTest : public testing::Test {
protected:
    OpcDaSourceTest() { source_.start(); }

    [[nodiscard]] std::shared_ptr<FakeLink> connect() {
        auto link = std::make_shared<FakeLink>();
        source_.opened(link);
        say(*link, R"({"t":"hello","v":1,"agent":"agent 1","host":"PC"})");
        return link;
    }
    void say(const AgentLink& link, std::string frame) {
        ASSERT_TRUE(source_.received(link, std::move(frame)));
    }
    void goLive(const AgentLink& link) {
        say(link,
            R"({"t":"items","add":[{"h":0,"id":"Random.Int1","type":"SByte"},{"h":1,"id":"Random.Real8",)"
            R"("type":"Double","low":0,"high":10,"unit":"%"}]})");
        say(link, R"({"t":"state","live":true,"server":"Vendor 1.0"})");
    }

    Recorder sink_;
    OpcDaSource source_{{.name = "da",
                         .tokenSha256 = tokenHash("secret"),
                         .server = "S.1",
                         .prefix = "DA",
                         .items = {"Random.Int1", "Random.*"}},
                        SourceId{0},
                        sink_};
};

TEST_F(OpcDaSourceTest, TagsOfPlainIdsExistBeforeAnAgentHasCome) {
    ASSERT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Connecting; }));
    EXPECT_EQ(sink_.state().why, kBadNotConnected);
    EXPECT_THAT(sink_.state().message, HasSubstr("start tagwire-da-agent"));
    EXPECT_EQ(sink_.tags().size(), 1U);
    EXPECT_TRUE(sink_.tags().contains("DA.Random.Int1"));
}

TEST_F(OpcDaSourceTest, TellsTheAgentWhatToWatchAndPostsWhatComes) {
    const auto link = connect();
    EXPECT_THAT(link->awaitFrame(0), HasSubstr(R"("t":"hello")"));
    EXPECT_THAT(link->awaitFrame(1), HasSubstr(R"("items":["Random.Int1","Random.*"])"));
    goLive(*link);
    say(*link, R"({"t":"data","seq":1,"b":1795435200000,"v":[[0,-5],[1,2.5,-40,1083375616]]})");
    EXPECT_EQ(link->awaitFrame(2), R"({"t":"ack","seq":1})");
    EXPECT_EQ(sink_.state().phase, SourcePhase::Live);
    EXPECT_THAT(sink_.state().endpoint, HasSubstr("agent 1 on PC"));
    EXPECT_EQ(sink_.value("DA.Random.Int1")->value, Value(std::int8_t{-5}));
    EXPECT_EQ(sink_.value("DA.Random.Real8")->status, kUncertainSensorNotAccurate);
    EXPECT_EQ(sink_.value("DA.Random.Real8")->sourceTime, fromUnixMillis(1'795'435'199'960));
    EXPECT_EQ(sink_.tags().at("DA.Random.Real8")->range->high, 10);
    EXPECT_EQ(sink_.tags().at("DA.Random.Int1")->type, BuiltInType::SByte);
}

TEST_F(OpcDaSourceTest, AnItemThatIsRefusedIsBadWithItsReason) {
    const auto link = connect();
    say(*link, R"({"t":"items","add":[{"h":0,"id":"Random.Int1","q":2150891520,"err":"unknown item"}]})");
    say(*link, R"({"t":"state","live":true})");
    ASSERT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Live; }));
    EXPECT_EQ(sink_.value("DA.Random.Int1")->status, kBadNodeIdUnknown);
    EXPECT_EQ(sink_.state().badTags, 1U);
    EXPECT_THAT(sink_.state().message, HasSubstr("unknown item"));
}

TEST_F(OpcDaSourceTest, AnItemThatMakesNoTagIsNamedAndItsValuesPassBy) {
    const auto link = connect();
    say(*link, R"({"t":"items","add":[{"h":0,"id":"a..b","type":"Double"},{"h":1,"id":"Random.Int1",)"
               R"("type":"SByte"}]})");
    say(*link, R"({"t":"state","live":true})");
    say(*link, R"({"t":"data","seq":1,"b":1000,"v":[[0,1.5],[1,1]]})");
    EXPECT_EQ(link->awaitFrame(2), R"({"t":"ack","seq":1})");
    EXPECT_EQ(sink_.value("DA.Random.Int1")->value, Value(std::int8_t{1}));
    EXPECT_EQ(sink_.state().badTags, 1U);
    EXPECT_THAT(sink_.state().message, HasSubstr("item \"a..b\" makes no tag path"));
}

TEST_F(OpcDaSourceTest, AValueOfAnotherTypeIsBadAlone) {
    const auto link = connect();
    goLive(*link);
    say(*link, R"({"t":"data","seq":1,"b":1000,"v":[[0,"text"],[1,1]]})");
    EXPECT_EQ(link->awaitFrame(2), R"({"t":"ack","seq":1})");
    EXPECT_EQ(sink_.value("DA.Random.Int1")->status, kBadDecodingError);
    EXPECT_TRUE(sink_.value("DA.Random.Real8")->status.isGood());
}

TEST_F(OpcDaSourceTest, LossOfServerOrAgentIsAStateWithAReason) {
    const auto link = connect();
    goLive(*link);
    say(*link, R"({"t":"state","live":false,"q":2150694912,"msg":"S.1: the server has ended"})");
    ASSERT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Backoff; }));
    EXPECT_EQ(sink_.state().why, kBadNoCommunication);
    EXPECT_EQ(sink_.state().message, "S.1: the server has ended");
    source_.closed(*link);
    ASSERT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Connecting; }));
    EXPECT_EQ(sink_.state().why, kBadNotConnected);
    EXPECT_THAT(sink_.state().message, HasSubstr("the agent has gone"));
    const auto again = connect();
    goLive(*again);
    ASSERT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Live; }));
    EXPECT_EQ(sink_.tags().size(), 2U) << "the same tags";
}

TEST_F(OpcDaSourceTest, TheNewestConnectionCounts) {
    const auto old = connect();
    goLive(*old);
    const auto link = connect();
    EXPECT_THAT(old->awaitClose(), HasSubstr("another agent"));
    goLive(*link);
    say(*old, R"({"t":"data","seq":1,"b":1000,"v":[[0,1]]})");
    source_.closed(*old);
    say(*link, R"({"t":"data","seq":1,"b":1000,"v":[[0,2]]})");
    EXPECT_EQ(link->awaitFrame(2), R"({"t":"ack","seq":1})");
    EXPECT_EQ(sink_.value("DA.Random.Int1")->value, Value(std::int8_t{2}));
    EXPECT_EQ(sink_.state().phase, SourcePhase::Live);
}

TEST_F(OpcDaSourceTest, WhoBreaksTheProtocolIsToldHowAndSentAway) {
    const auto refused = [&](std::vector<std::string> frames) {
        const auto link = std::make_shared<FakeLink>();
        source_.opened(link);
        for (auto& frame : frames) say(*link, std::move(frame));
        return link->awaitClose();
    };
    const std::string hello = R"({"t":"hello","v":1,"agent":"a"})";
    EXPECT_EQ(refused({R"({"t":"ping"})"}), "hello has to come first");
    EXPECT_EQ(refused({hello, hello}), "hello came twice");
    EXPECT_EQ(refused({hello, R"({"t":"data","seq":1,"b":0,"v":[[5,1]]})"}),
              "data for the handle 5 without its item");
    EXPECT_EQ(refused({hello, R"({"t":"data","seq":2,"b":0,"v":[]})"}), "data 2 came after 0");
    EXPECT_EQ(refused({"x"}).substr(0, 7), "no JSON");
}

TEST(OpcDaSource, TakesOnlySoMuchBeforeItIsItsTurn) {
    Recorder sink;
    OpcDaSource source({.name = "da", .tokenSha256 = {}, .server = "S.1", .prefix = "DA", .items = {"x"}},
                       SourceId{0}, sink);  // not started: nothing is taken out
    const FakeLink link;
    const std::string frame(OpcDaSource::kMaxWaiting / 4, ' ');
    int taken = 0;
    while (taken < 10 && source.received(link, frame)) ++taken;
    EXPECT_EQ(taken, 3) << "each weighs a little more than its bytes";
}

TEST(TokenHash, IsSha256) {
    EXPECT_EQ(tokenHash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace tagwire::source::opcda
