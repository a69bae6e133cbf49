// Events of a real server by the whole source.
#include <chrono>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "source/opcua/opcua_source.h"
#include "source/opcua/source_testing.h"
#include "source/opcua/testing/tcp_proxy_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

class OpcUaEventsTest : public testing::Test {
protected:
    OpcUaEventsTest() {
        options_.name = "plc";
        options_.endpoint = fmt::format("opc.tcp://127.0.0.1:{}", kPort);
        options_.security.policy = SecurityPolicyChoice::None;
        options_.publishingInterval = 50ms;
        options_.reconnectMin = 100ms;
        options_.reconnectMax = 500ms;
        options_.events.enabled = true;
    }

    /// The server has told that it has no conditions, so that the monitored items are there.
    [[nodiscard]] bool awaitReady() {
        return sink_.await(10s, [&] { return sink_.events()->current; });
    }
    [[nodiscard]] bool awaitEvents(std::uint64_t count) {
        return sink_.await(10s, [&] { return sink_.events()->last >= count; });
    }

    OpcUaOptions options_;
    RecordingSink sink_;
};

TEST_F(OpcUaEventsTest, ArriveOnceWithWhatTheServerSays) {
    PeerProcess peer(kPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(awaitReady());
    ASSERT_EQ(peer.ask("event 700 Pump 7 stopped"), "Good");
    ASSERT_EQ(peer.ask("events 200"), "Good");
    ASSERT_TRUE(awaitEvents(201));
    const auto events = sink_.events();
    EXPECT_EQ(events->last, 201U);
    EXPECT_EQ(events->overflows, 0U);
    const SourceEvent& first = *events->events[0].event;
    EXPECT_EQ(first.message, (LocalizedText{"en", "Pump 7 stopped"}));
    EXPECT_EQ(first.severity, 700);
    EXPECT_EQ(first.sourceName, "Peer");
    EXPECT_EQ(first.typeName, "BaseEventType");
    EXPECT_FALSE(first.id.empty());
    EXPECT_LT(wallClockNow() - first.time, Ticks(10s));
    for (std::size_t i = 0; i < 200; ++i)
        EXPECT_EQ(events->events[i + 1].event->message.text, fmt::format("event {}", i));
}

TEST_F(OpcUaEventsTest, AnOverflowOfTheServersQueueIsNoticed) {
    options_.events.queueSize = 20;
    PeerProcess peer(kPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(awaitReady());
    ASSERT_EQ(peer.ask("events 3000"), "Good");
    ASSERT_TRUE(sink_.await(10s, [&] { return sink_.events()->overflows > 0; }));
    ASSERT_EQ(peer.ask("event 1 after"), "Good");
    ASSERT_TRUE(sink_.await(10s, [&] {
        const auto events = sink_.events();
        return !events->events.empty() && events->events.back().event->message.text == "after";
    }));
    EXPECT_LT(sink_.events()->last, 3'000U);
}

TEST_F(OpcUaEventsTest, GoOnAfterARestartOfTheServer) {
    PeerProcess first(kPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(awaitReady());
    first.kill();
    ASSERT_TRUE(sink_.await(10s, [&] { return !sink_.events()->current; }));
    PeerProcess second(kPort);
    ASSERT_TRUE(awaitReady());
    ASSERT_EQ(second.ask("event 5 back"), "Good");
    ASSERT_TRUE(awaitEvents(1));
    EXPECT_EQ(sink_.events()->last, 1U);
    EXPECT_EQ(sink_.events()->overflows, 1U) << "what happened in between is not known";
}

class CutEventsTest : public OpcUaEventsTest, public testing::WithParamInterface<bool> {};

TEST_P(CutEventsTest, WhatHappensWhileThereIsNoConnectionComesAfterwards) {
    const bool transfer = GetParam();
    PeerProcess peer(kPort, {fmt::format("transfer={}", transfer ? 1 : 0)});
    TcpProxy proxy(kOtherPort, kPort);
    options_.endpoint = fmt::format("opc.tcp://127.0.0.1:{}", kOtherPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(awaitReady());
    for (int round = 1; round <= 2; ++round) {
        ASSERT_EQ(peer.ask("event 5 before"), "Good");
        ASSERT_TRUE(awaitEvents(static_cast<std::uint64_t>(21 * round - 20)));
        proxy.refuse(true);
        proxy.cut();
        ASSERT_TRUE(sink_.await(10s, [&] { return !sink_.events()->current; }));
        ASSERT_EQ(peer.ask("events 20"), "Good");
        proxy.refuse(false);
        ASSERT_TRUE(awaitReady());
        ASSERT_TRUE(awaitEvents(static_cast<std::uint64_t>(21 * round)));
        EXPECT_EQ(peer.ask("subscriptions"), "1");
    }
    ASSERT_FALSE(sink_.await(300ms, [&] { return sink_.events()->last > 42; }));
    EXPECT_EQ(sink_.events()->overflows, 0U);
    source.stop();
    EXPECT_EQ(peer.ask("subscriptions"), "0");
}

INSTANTIATE_TEST_SUITE_P(Events, CutEventsTest, testing::Bool(),
                         [](const auto& run) { return run.param ? "Transferred" : "Resumed"; });

TEST_F(OpcUaEventsTest, ANotifierThatIsNoneIsSaidAndTheOthersGoOn) {
    options_.events.notifiers = {"i=2253", "nsu=urn:nowhere;i=1"};
    PeerProcess peer(kPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(awaitReady());
    ASSERT_EQ(peer.ask("event 5 here"), "Good");
    ASSERT_TRUE(awaitEvents(1));
    ASSERT_TRUE(sink_.await(10s, [&] {
        return sink_.statesUnlocked().back().message.find("no events from nsu=urn:nowhere;i=1") !=
               std::string::npos;
    }));
}

TEST_F(OpcUaEventsTest, AreNotAskedForWhenSwitchedOff) {
    options_.events.enabled = false;
    PeerProcess peer(kPort);
    OpcUaSource source(options_, SourceId{0}, sink_);
    source.start();
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Live, 10s));
    ASSERT_EQ(peer.ask("events 10"), "Good");
    ASSERT_FALSE(sink_.await(500ms, [&] { return sink_.events()->last > 0; }));
}

}  // namespace
}  // namespace tagwire::source::opcua
