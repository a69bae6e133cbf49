// What the network and the server do to connections, with values counted on both sides.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <future>
#include <set>
#include <thread>

#include <open62541/statuscodes.h>

#include "source/opcua/session/generation.h"
#include "source/opcua/source_testing.h"
#include "source/opcua/testing/tcp_proxy_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

/// With `count` of the plant's bulk tags alone.
OpcUaOptions bulkOptions(int count) {
    OpcUaOptions many = options();
    many.tags.clear();
    for (int i = 0; i < count; ++i) many.tags.push_back(plantTag(fmt::format("Bulk.{}", i)));
    return many;
}

class RecoveryTest : public OpcUaSourceTest {
protected:
    /// Fast enough for a server that counts 20 times a second to lose nothing at the items' queues.
    static OpcUaOptions through(std::uint16_t port) {
        OpcUaOptions through = options(port);
        through.queueSize = 1'000;
        through.samplingInterval = 10ms;
        return through;
    }

    [[nodiscard]] double count(std::string_view name) const {
        const auto diagnostics = source_->diagnostics();
        if (!diagnostics) return -1;
        const auto found = std::ranges::find(diagnostics->counts, name, &SourceCount::name);
        return found == diagnostics->counts.end() ? -1 : found->value;
    }

    /// The diagnostics are told once a second.
    template <class Predicate>
    [[nodiscard]] static bool eventually(Predicate holds) {
        for (int i = 0; i < 500; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(20ms);
        }
        return false;
    }
    [[nodiscard]] bool awaitCount(std::string_view name, double least) {
        return eventually([&] { return count(name) >= least; });
    }

    /// Waits for the counter's present value; then every value has arrived in its order, without a hole. One
    /// that came again, with the same time, restores Good after a connection was lost.
    void expectEveryCount(PeerProcess& peer, std::size_t repeats) {
        const double last = std::stod(peer.ask("counter"));
        ASSERT_TRUE(sink_.await(kPatience, [&] {
            const DataValue* value = sink_.latest("Line.Counter");
            return value != nullptr && value->status.isGood() && value->value.toDouble() >= last;
        }));
        const DataValue* previous = nullptr;
        std::size_t repeated = 0;
        const auto history = sink_.history();
        for (const DataValue& value : history) {
            if (value.status.isBad()) continue;
            EXPECT_FALSE(value.status.hasOverflow());
            if (previous != nullptr && value.sourceTime == previous->sourceTime) {
                EXPECT_EQ(value.value, previous->value);
                ++repeated;
            } else if (previous != nullptr) {
                EXPECT_EQ(value.value.toDouble(), previous->value.toDouble() + 1);
            }
            previous = &value;
        }
        EXPECT_LE(repeated, repeats);
        EXPECT_GE(history.size(), 10U);
    }

    [[nodiscard]] std::size_t timesLive() const {
        const auto states = sink_.states();
        return static_cast<std::size_t>(std::ranges::count(states, SourcePhase::Live, &SourceState::phase));
    }
};

class CutConnectionTest : public RecoveryTest, public testing::WithParamInterface<bool> {};

TEST_P(CutConnectionTest, LosesAndDoublesNothing) {
    const bool transfer = GetParam();
    PeerProcess peer(kPort, {fmt::format("transfer={}", transfer ? 1 : 0)});
    TcpProxy proxy(kOtherPort, kPort);
    start(through(kOtherPort));
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.latest("Line.Counter") != nullptr; }));
    sink_.record("Line.Counter");
    for (int round = 1; round <= 3; ++round) {
        std::this_thread::sleep_for(300ms);
        // What the server sends now is lost on its way and was never acknowledged.
        proxy.swallow(true);
        std::this_thread::sleep_for(200ms);
        proxy.cut();
        ASSERT_TRUE(
            sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
        proxy.swallow(false);
        awaitLive();
        EXPECT_EQ(peer.ask("subscriptions"), "1");
    }
    std::this_thread::sleep_for(300ms);
    expectEveryCount(peer, 3);
    EXPECT_TRUE(awaitCount("source_reconnects_total", 3));
    EXPECT_EQ(count("source_sessions_resumed_total"), transfer ? 0 : 3);
    EXPECT_EQ(count("source_subscriptions_transferred_total"), transfer ? 3 : 0);
    EXPECT_TRUE(awaitCount("source_messages_republished_total", 3));
    EXPECT_EQ(count("source_messages_lost_total"), 0);
    EXPECT_EQ(count("source_subscriptions_created_total"), 1);
    EXPECT_EQ(count("source_reconnects_total"), 3);
    source_->stop();
    EXPECT_EQ(peer.ask("subscriptions"), "0");
}

INSTANTIATE_TEST_SUITE_P(Recovery, CutConnectionTest, testing::Bool(),
                         [](const auto& run) { return run.param ? "Transferred" : "Resumed"; });

TEST_F(RecoveryTest, AStalledNetworkLosesAndDoublesNothing) {
    PeerProcess peer(kPort);
    TcpProxy proxy(kOtherPort, kPort);
    start(through(kOtherPort));
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.latest("Line.Counter") != nullptr; }));
    sink_.record("Line.Counter");
    proxy.stall(true);
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    EXPECT_EQ(sink_.state().why.code(), UA_STATUSCODE_BADNOCOMMUNICATION);
    std::this_thread::sleep_for(500ms);
    proxy.stall(false);
    awaitLive();
    std::this_thread::sleep_for(300ms);
    expectEveryCount(peer, 1);
    EXPECT_EQ(peer.ask("subscriptions"), "1");
    EXPECT_TRUE(awaitCount("source_sessions_resumed_total", 1));
    EXPECT_EQ(peer.ask("sessions"), "1");
}

TEST_F(RecoveryTest, AMessageThatDoesNotComeIsAskedForAgain) {
    PeerProcess peer(kPort);
    TcpProxy proxy(kOtherPort, kPort);
    start(through(kOtherPort));
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.latest("Line.Counter") != nullptr; }));
    sink_.record("Line.Counter");
    std::this_thread::sleep_for(200ms);
    // To the client the message is one of a subscription it does not know.
    std::atomic<int> left{2};
    proxy.setFilter([&left](std::span<std::uint8_t> message) {
        const auto id = TcpProxy::publishedSubscription(message);
        if (id && left > 0) {
            --left;
            TcpProxy::setNumber(message, *id, 999'999);
        }
    });
    ASSERT_TRUE(eventually([&] { return left == 0; }));
    std::this_thread::sleep_for(500ms);
    expectEveryCount(peer, 0);
    EXPECT_EQ(timesLive(), 1U);
    EXPECT_TRUE(awaitCount("source_messages_republished_total", 2));
    EXPECT_EQ(count("source_messages_lost_total"), 0);
}

TEST_F(RecoveryTest, OneSilentSubscriptionAmongLivelyOnesIsMadeAnew) {
    PeerProcess peer(kPort);
    TcpProxy proxy(kOtherPort, kPort);
    OpcUaOptions two = through(kOtherPort);
    two.tags[1].publishingInterval = 100ms;
    two.tags.push_back(plantTag("Level"));
    two.tags[2].name = "Again";
    two.tags[2].publishingInterval = 100ms;
    start(two);
    awaitLive();
    ASSERT_TRUE(sink_.awaitNumber("Line.Level", 0, kPatience));
    ASSERT_TRUE(sink_.awaitNumber("Line.Again", 0, kPatience));
    EXPECT_EQ(peer.ask("subscriptions"), "2");
    ASSERT_TRUE(eventually([&] {
        const auto told = source_->diagnostics();
        return told && told->subscriptions.size() == 2;
    }));
    std::uint32_t silent = 0;
    const auto diagnostics = source_->diagnostics();
    for (const auto& each : diagnostics->subscriptions) {
        EXPECT_EQ(each.items, 1U);  // the tags of the same node share theirs
        if (each.askedInterval == 100ms) silent = each.id;
    }
    sink_.record("Line.Counter");
    proxy.setFilter([silent](std::span<std::uint8_t> message) {
        const auto id = TcpProxy::publishedSubscription(message);
        if (id && TcpProxy::number(message, *id) == silent) TcpProxy::setNumber(message, *id, 999'999);
    });
    for (const char* path : {"Line.Level", "Line.Again"}) {
        ASSERT_TRUE(sink_.await(kPatience, [&] {
            return sink_.latest(path)->status.code() == UA_STATUSCODE_BADNOCOMMUNICATION;
        }));
    }
    EXPECT_EQ(peer.ask("set Level 8"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.Level", 8, kPatience));
    ASSERT_TRUE(sink_.awaitNumber("Line.Again", 8, kPatience));
    EXPECT_EQ(peer.ask("subscriptions"), "2");
    EXPECT_EQ(timesLive(), 1U);
    expectEveryCount(peer, 0);
    EXPECT_TRUE(awaitCount("source_subscriptions_remade_total", 1));
}

TEST_F(RecoveryTest, NothingIsTakenOverFromAServerThatStartedAnew) {
    auto peer = std::make_unique<PeerProcess>(kPort);
    start(options());
    awaitLive();
    peer->kill();
    peer = std::make_unique<PeerProcess>(kPort, std::vector<std::string>{"shift=3"});
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    awaitLive();
    EXPECT_TRUE(awaitCount("source_subscriptions_created_total", 2));
    EXPECT_EQ(count("source_subscriptions_transferred_total"), 0);
    EXPECT_EQ(peer->ask("subscriptions"), "1");
}

TEST_F(RecoveryTest, SmallSubscriptionsOverflowIntoFurtherOnes) {
    PeerProcess peer(kPort, {"bulk=35", "per_sub=10"});
    start(bulkOptions(35));
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 35; }));
    EXPECT_EQ(sink_.state().badTags, 0U);
    EXPECT_EQ(peer.ask("subscriptions"), "4");
    EXPECT_EQ(peer.ask("setall 3"), "Good");
    for (int i = 0; i < 35; ++i) EXPECT_TRUE(sink_.awaitNumber(fmt::format("Line.Bulk.{}", i), 3, kPatience));
}

TEST_F(RecoveryTest, AServerWithFewSubscriptionsGetsFewerAndSaysSo) {
    PeerProcess peer(kPort, {"subs=1"});
    OpcUaOptions two = options();
    two.tags[1].publishingInterval = 1s;
    start(two);
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 2; }));
    EXPECT_EQ(peer.ask("subscriptions"), "1");
    EXPECT_EQ(sink_.state().badTags, 0U);
    EXPECT_NE(sink_.state().message.find("allows no further subscription"), std::string::npos)
        << sink_.state().message;
}

TEST_F(RecoveryTest, AServerFullOfItemsRefusesTheRestOnly) {
    PeerProcess peer(kPort, {"bulk=20", "items=8"});
    start(bulkOptions(20));
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 8; }));
    EXPECT_EQ(sink_.state().badTags, 12U);
    EXPECT_NE(sink_.state().message.find("BadTooManyMonitoredItems"), std::string::npos)
        << sink_.state().message;
    EXPECT_TRUE(eventually([&] { return peer.ask("subscriptions") == "1"; }));
}

TEST_F(RecoveryTest, GoesToTheNextAddressAndFirstToTheFirst) {
    auto first = std::make_unique<PeerProcess>(kPort);
    auto second = std::make_unique<PeerProcess>(kOtherPort);
    OpcUaOptions both = options();
    both.endpoints = {fmt::format("opc.tcp://127.0.0.1:{}", kOtherPort)};
    both.reconnectMin = 5s;
    both.reconnectMax = 5s;
    start(both);
    awaitLive();
    EXPECT_EQ(sink_.state().endpoint, both.endpoint);
    first->kill();
    const auto killed = SteadyClock::now();
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().endpoint == both.endpoints[0]; }));
    awaitLive();
    EXPECT_LT(SteadyClock::now() - killed, 3s) << "the next address is tried without a wait";
    EXPECT_EQ(second->ask("set Level 4"), "Good");
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 4, kPatience));
    first = std::make_unique<PeerProcess>(kPort);
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(first->ask("sessions"), "0") << "a connection that works is kept";
    second->kill();
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().endpoint == both.endpoint; }));
    awaitLive();
}

TEST_F(RecoveryTest, LeavesADegradedServerForABetterOne) {
    PeerProcess first(kPort);
    PeerProcess second(kOtherPort);
    OpcUaOptions both = options();
    both.endpoints = {fmt::format("opc.tcp://127.0.0.1:{}", kOtherPort)};
    start(both);
    awaitLive();
    EXPECT_EQ(first.ask("level 120"), "Good");
    ASSERT_TRUE(sink_.await(kPatience, [&] {
        return sink_.statesUnlocked().back().message.find("service level 120") != std::string::npos;
    }));
    ASSERT_TRUE(sink_.await(kPatience, [&] {
        const SourceState& state = sink_.statesUnlocked().back();
        return state.phase == SourcePhase::Live && state.endpoint == both.endpoints[0];
    }));
    EXPECT_EQ(first.ask("sessions"), "0");
    EXPECT_EQ(first.ask("subscriptions"), "0");
    // Both are degraded now, and the other more so: it stays.
    EXPECT_EQ(second.ask("level 150"), "Good");
    std::this_thread::sleep_for(4s);
    EXPECT_EQ(sink_.state().phase, SourcePhase::Live);
    EXPECT_EQ(sink_.state().endpoint, both.endpoints[0]);
}

TEST_F(RecoveryTest, TagsOfOneNodeShareAnItem) {
    PeerProcess peer(kPort);
    OpcUaOptions twins = options();
    for (const char* name : {"Twin", "Triplet"}) {
        twins.tags.push_back(plantTag("Level"));
        twins.tags.back().name = name;
    }
    start(twins);
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 4; }));
    EXPECT_EQ(peer.ask("set Level 2"), "Good");
    for (const char* path : {"Line.Level", "Line.Twin", "Line.Triplet"})
        EXPECT_TRUE(sink_.awaitNumber(path, 2, kPatience)) << path;
    EXPECT_EQ(sink_.info("Line.Twin")->type, BuiltInType::Double);
    ASSERT_TRUE(eventually([&] {
        const auto told = source_->diagnostics();
        return told && told->subscriptions.size() == 1;
    }));
    EXPECT_EQ(source_->diagnostics()->subscriptions[0].items, 2U);
    EXPECT_EQ(sink_.state().tags, 4U);
}

TEST_F(RecoveryTest, ShowsWhatTheServerGranted) {
    PeerProcess peer(kPort);
    OpcUaOptions hasty = options();
    hasty.samplingInterval = 1ms;
    hasty.tags[1].publishingInterval = 200ms;
    start(hasty);
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 2; }));
    EXPECT_EQ(sink_.info("Line.Level")->samplingInterval, 5ms);
    ASSERT_TRUE(eventually([&] {
        const auto told = source_->diagnostics();
        return told && told->subscriptions.size() == 2 && told->clockSkew;
    }));
    const auto told = source_->diagnostics();
    EXPECT_EQ(told->serverState, "Running");
    EXPECT_EQ(told->serviceLevel, 255);
    EXPECT_LT(std::chrono::abs(*told->clockSkew), 100ms);
    EXPECT_GT(told->subscriptions[0].lifetimeCount, 0U);
}

TEST_F(RecoveryTest, CommandsReachTheConnection) {
    PeerProcess peer(kPort);
    start(options());
    awaitLive();
    std::promise<bool> connected;
    ASSERT_TRUE(source_->post([&](Generation* connection) { connected.set_value(connection != nullptr); }));
    EXPECT_TRUE(connected.get_future().get());

    peer.kill();
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    std::promise<bool> away;
    ASSERT_TRUE(source_->post([&](Generation* connection) { away.set_value(connection == nullptr); }));
    EXPECT_TRUE(away.get_future().get());

    // The I/O thread is held, so that what is posted waits.
    std::promise<void> held;
    std::promise<void> letGo;
    ASSERT_TRUE(source_->post([&](Generation*) {
        held.set_value();
        letGo.get_future().wait();
    }));
    held.get_future().wait();
    std::atomic<std::size_t> ran = 0;
    std::size_t taken = 0;
    while (taken < 2 * OpcUaSource::kMaxCommands && source_->post([&](Generation*) { ++ran; })) ++taken;
    EXPECT_EQ(taken, OpcUaSource::kMaxCommands);
    letGo.set_value();

    source_->stop();
    EXPECT_EQ(ran, taken) << "each is run, at the latest when the source stops";
    ASSERT_TRUE(source_->post([&](Generation* connection) { ran += connection == nullptr ? 1 : 2; }));
    EXPECT_EQ(ran, taken + 1) << "and so is what comes afterwards, without a connection";
}

TEST_F(RecoveryTest, ItemsComeAndGoWhileLive) {
    PeerProcess peer(kPort, {"bulk=300"});
    start(options());
    awaitLive();
    const auto infoOf = [&](int i) {
        return std::make_shared<const TagInfo>(TagInfo{.id = sink_.allocateTag(),
                                                       .path = *TagPath::parse(fmt::format("Line.New{}", i)),
                                                       .source = SourceId{3}});
    };
    std::vector<NewItem> items;
    std::vector<TagId> ids;
    for (int i = 0; i < 300; ++i) {
        items.push_back(
            {.info = infoOf(i),
             .address = *NodeAddress::parse(fmt::format("nsu=http://tagwire.test/plant/;s=Bulk.{}", i)),
             .settings = {}});
        ids.push_back(items.back().info->id);
    }
    // One that joins an item which is there already gets its present value.
    const ItemSettings same{.publishingInterval = 50ms, .samplingInterval = 20ms, .deadband = {}};
    items.push_back({.info = infoOf(300),
                     .address = *NodeAddress::parse("nsu=http://tagwire.test/plant/;s=Level"),
                     .settings = same});
    ASSERT_TRUE(source_->post([&items](Generation* connection) {
        EXPECT_EQ(connection->table().addItems(std::move(items)), 301U);
    }));
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 303; }));
    EXPECT_EQ(peer.ask("subscriptions"), "2");
    EXPECT_TRUE(sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().tags == 303; }));

    ids.resize(299);
    ASSERT_TRUE(source_->post([&ids](Generation* connection) { connection->table().removeItems(ids); }));
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().tags == 4; }));
    ASSERT_TRUE(eventually([&] {
        std::uint64_t left = 0;
        const auto diagnostics =
            source_->diagnostics();  // a temporary would not outlive the loop's beginning
        for (const auto& each : diagnostics->subscriptions) left += each.items;
        return left == 3;
    }));
    EXPECT_EQ(peer.ask("setall 6"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.New299", 6, kPatience));
    ASSERT_TRUE(sink_.await(0ms, [&] { return sink_.latest("Line.New0")->value.toDouble() == 0; }));
}

}  // namespace
}  // namespace tagwire::source::opcua
