#include "source/opcda/opcda_source.h"

#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/agent_testing.h"
#include "source/opcda/token_hash.h"

namespace tagwire::source::opcda {
namespace {

using testing::HasSubstr;

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

TEST_F(OpcDaSourceTest, AnswersForTheServersAddressSpaceByItsAgent) {
    std::promise<ServiceResult<BrowsePage>> early;
    auto* services = static_cast<Source&>(source_).services();
    services->browse({}, [&](ServiceResult<BrowsePage> page) { early.set_value(std::move(page)); });
    const auto refused = early.get_future().get();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, kBadNotConnected);

    const auto link = connect();
    goLive(*link);
    BrowseQuestion random;
    random.node = R"(branch=["Random"])";
    std::promise<ServiceResult<BrowsePage>> asked;
    services->browse(random, [&](ServiceResult<BrowsePage> page) { asked.set_value(std::move(page)); });
    EXPECT_EQ(link->awaitFrame(2), R"({"t":"browse","id":1,"path":["Random"],"limit":20000})");
    say(*link, R"({"t":"entries","id":1,"add":[{"name":"Int1","item":"Random.Int1"}]})");
    const auto page = asked.get_future().get();
    ASSERT_TRUE(page);
    EXPECT_EQ(page->references.at(0).node, "item=Random.Int1");

    std::promise<ServiceResult<NodeAttributes>> lost;
    services->attributes("item=Random.Int1",
                         [&](ServiceResult<NodeAttributes> node) { lost.set_value(std::move(node)); });
    EXPECT_EQ(link->awaitFrame(3), R"({"t":"look","id":2,"item":"Random.Int1"})");
    source_.closed(*link);
    const auto gone = lost.get_future().get();
    ASSERT_FALSE(gone);
    EXPECT_THAT(gone.error().message, HasSubstr("the agent has gone"));
}

TEST_F(OpcDaSourceTest, WhoAsksAStoppedSourceIsToldSo) {
    source_.stop();
    std::promise<ServiceResult<SearchAnswer>> asked;
    static_cast<Source&>(source_).services()->search(
        {.text = "x", .node = {}},
        [&](ServiceResult<SearchAnswer> found) { asked.set_value(std::move(found)); });
    const auto found = asked.get_future().get();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().status, kBadShutdown);
}

TEST_F(OpcDaSourceTest, TellsOfTheServerOfTheRateThatItGrantedAndOfWhatWasLost) {
    const auto link = connect();
    goLive(*link);
    say(*link, R"({"t":"state","live":true,"server":"Vendor 1.0","rate":1500})");
    say(*link, R"({"t":"data","seq":1,"b":1000,"past":true,"v":[[0,1],[0,2]]})");
    say(*link,
        R"({"t":"health","state":"running","started":1795435200000,"clock":1795435200000,"rtt":3,"lost":7})");
    say(*link, R"({"t":"data","seq":2,"b":1000,"v":[[0,3]]})");
    EXPECT_EQ(link->awaitFrame(3), R"({"t":"ack","seq":2})");
    const auto told = source_.diagnostics();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->serverState, "running");
    EXPECT_EQ(told->roundTrip, std::chrono::milliseconds(3));
    EXPECT_TRUE(told->clockSkew);
    ASSERT_EQ(told->subscriptions.size(), 1U);
    EXPECT_EQ(told->subscriptions[0].askedInterval, std::chrono::milliseconds(1000));
    EXPECT_EQ(told->subscriptions[0].publishingInterval, std::chrono::milliseconds(1500));
    EXPECT_EQ(told->subscriptions[0].items, 2U);
    EXPECT_EQ(countNamed(*told, "source_agent_past_values_total"), 2);
    EXPECT_EQ(countNamed(*told, "source_agent_lost_values_total"), 7);
}

TEST(OpcDaSource, WithoutAPrefixItemIdsArePaths) {
    Recorder sink;
    OpcDaSource source(
        {.name = "da", .tokenSha256 = {}, .server = "S.1", .prefix = {}, .items = {"Random.Int1"}},
        SourceId{0}, sink);
    source.start();
    EXPECT_TRUE(sink.await([&] { return sink.tags().contains("Random.Int1"); }));
}

}  // namespace
}  // namespace tagwire::source::opcda
