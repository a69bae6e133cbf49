// The whole source against a real OPC UA server in a process of its own.
#include "source/opcua/opcua_source.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <open62541/statuscodes.h>
#include <sys/socket.h>
#include <unistd.h>

#include "source/opcua/source_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

/// Counts the connections at a port and does with them what it is told.
class Listener {
public:
    enum class Manner { CloseAtOnce, SayNothing };

    Listener(std::uint16_t port, Manner manner) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int yes = 1;
        setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(socket_, 16), 0);
        thread_ = std::jthread([this, manner] {
            for (int peer = accept(socket_, nullptr, nullptr); peer >= 0;
                 peer = accept(socket_, nullptr, nullptr)) {
                ++connections_;
                if (manner == Manner::CloseAtOnce) {
                    close(peer);
                } else {
                    held_.push_back(peer);
                }
            }
        });
    }
    ~Listener() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
        for (const int peer : held_) close(peer);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] int connections() const { return connections_; }

private:
    int socket_;
    std::atomic<int> connections_{0};
    std::vector<int> held_;
    std::jthread thread_;
};

TEST_F(OpcUaSourceTest, BringsValuesWithQualityTimesAndType) {
    PeerProcess peer(kPort);
    start(options());
    awaitLive();
    EXPECT_EQ(peer.ask("set Level 42.5"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.Level", 42.5, kPatience));
    const Timestamp now = wallClockNow();
    ASSERT_TRUE(sink_.await(0ms, [&] { return now - sink_.latest("Line.Level")->sourceTime < 10s; }));
    EXPECT_EQ(sink_.info("Line.Level")->type, BuiltInType::Double);
    EXPECT_EQ(sink_.info("Line.Counter")->type, BuiltInType::Int32);
    EXPECT_EQ(sink_.info("Line.Level")->source, SourceId{3});

    const SourceState state = sink_.state();
    EXPECT_EQ(state.name, "plc1");
    EXPECT_EQ(state.kind, "opcua");
    EXPECT_EQ(state.endpoint, fmt::format("opc.tcp://127.0.0.1:{}", kPort));
    EXPECT_EQ(state.tags, 2U);
    EXPECT_EQ(state.badTags, 0U);
    EXPECT_TRUE(state.why.isGood());
    EXPECT_EQ(state.message, "");
}

TEST_F(OpcUaSourceTest, GoesThroughTheStatesInOrder) {
    PeerProcess peer(kPort);
    start(options());
    awaitLive();
    source_->stop();
    std::vector<SourcePhase> phases;
    for (const SourceState& state : sink_.states()) {
        phases.push_back(state.phase);
        EXPECT_EQ(state.why.isBad(), state.phase != SourcePhase::Live) << phaseName(state.phase);
    }
    const std::vector expected{SourcePhase::Idle, SourcePhase::Connecting, SourcePhase::Subscribing,
                               SourcePhase::Live, SourcePhase::Closing,    SourcePhase::Stopped};
    EXPECT_EQ(phases, expected);
}

TEST_F(OpcUaSourceTest, LooksUpHostNames) {
    PeerProcess peer(kPort);
    OpcUaOptions named = options();
    named.endpoint = fmt::format("opc.tcp://localhost:{}", kPort);
    start(named);
    awaitLive();
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 0, kPatience));
}

TEST_F(OpcUaSourceTest, SaysInWordsThatTheServerIsAwayAndTakesItWhenItComes) {
    start(options());
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    const SourceState state = sink_.state();
    EXPECT_EQ(state.why.code(), UA_STATUSCODE_BADCONNECTIONREJECTED);
    EXPECT_EQ(
        state.message,
        fmt::format("opc.tcp://127.0.0.1:{} refused the connection: is the OPC UA server running and the "
                    "port right?",
                    kPort));
    ASSERT_NE(sink_.info("Line.Level"), nullptr);

    PeerProcess peer(kPort);
    awaitLive();
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 0, kPatience));
}

TEST_F(OpcUaSourceTest, ComesBackAfterEveryKillOfTheServer) {
    const char* wanted = std::getenv("TAGWIRE_KILL_ROUNDS");  // NOLINT(concurrency-mt-unsafe): before threads
    const int rounds = wanted != nullptr ? std::atoi(wanted) : 20;
    auto peer = std::make_unique<PeerProcess>(kPort);
    start(options());
    for (int round = 1; round <= rounds; ++round) {
        awaitLive();
        EXPECT_EQ(peer->ask(fmt::format("set Level {}", round)), "Good");
        ASSERT_TRUE(sink_.awaitNumber("Line.Level", round, kPatience)) << round;
        peer->kill();
        ASSERT_TRUE(
            sink_.await(2s, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
        EXPECT_EQ(sink_.state().why.code(), UA_STATUSCODE_BADCONNECTIONCLOSED);
        peer = std::make_unique<PeerProcess>(kPort);
        const auto listening = SteadyClock::now();
        awaitLive();
        EXPECT_LT(SteadyClock::now() - listening, 5s);
        EXPECT_EQ(peer->ask("sessions"), "1");
        EXPECT_EQ(peer->ask("subscriptions"), "1");
    }
}

TEST_F(OpcUaSourceTest, FindsItsNodesWhenTheNamespacesAreRenumbered) {
    auto peer = std::make_unique<PeerProcess>(kPort);
    start(options());
    awaitLive();
    peer = nullptr;
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    peer = std::make_unique<PeerProcess>(kPort, std::vector<std::string>{"shift=7"});
    awaitLive();
    EXPECT_EQ(sink_.state().badTags, 0U);
    EXPECT_EQ(peer->ask("set Level 7"), "Good");
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 7, kPatience));
}

TEST_F(OpcUaSourceTest, AStalledServerShowsInTimeAndComesBackWithOneSession) {
    PeerProcess peer(kPort);
    OpcUaOptions impatient = options();
    impatient.sessionTimeout = 1s;
    start(impatient);
    awaitLive();
    peer.signal(SIGSTOP);
    const auto stopped = SteadyClock::now();
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    EXPECT_LT(SteadyClock::now() - stopped, kKeepAlive + 2s);
    EXPECT_EQ(sink_.state().why.code(), UA_STATUSCODE_BADNOCOMMUNICATION);
    EXPECT_NE(sink_.state().message.find("silent for"), std::string::npos) << sink_.state().message;

    std::this_thread::sleep_for(3s);  // longer than the session's timeout
    peer.signal(SIGCONT);
    const auto resumed = SteadyClock::now();
    awaitLive();
    EXPECT_LT(SteadyClock::now() - resumed, 5s);
    EXPECT_EQ(peer.ask("set Level 5"), "Good");
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 5, kPatience));
    EXPECT_EQ(peer.ask("sessions"), "1");
}

TEST_F(OpcUaSourceTest, AShortStallOnlyDelays) {
    PeerProcess peer(kPort);
    start(options());
    awaitLive();
    peer.signal(SIGSTOP);
    std::this_thread::sleep_for(1s);
    peer.signal(SIGCONT);
    EXPECT_EQ(peer.ask("set Level 1"), "Good");
    EXPECT_TRUE(sink_.awaitNumber("Line.Level", 1, kPatience));
    EXPECT_EQ(sink_.state().phase, SourcePhase::Live);
    const auto states = sink_.states();
    const auto live = std::count_if(states.begin(), states.end(), [](const SourceState& state) {
        return state.phase == SourcePhase::Live;
    });
    EXPECT_EQ(live, 1);
}

TEST_F(OpcUaSourceTest, StopsInTimeWhenTheServerIsStalled) {
    PeerProcess peer(kPort);
    OpcUaOptions patient = options();
    patient.keepAliveCount = 1'000;
    patient.lifetimeCount = 3'000;
    start(patient);
    awaitLive();
    // An answer still to come would meet a closed socket, and the reset make the server forget what it has
    // not read.
    ASSERT_TRUE(sink_.await(kPatience, [&] {
        const auto info = sink_.infoUnlocked("Line.Level");
        return info && info->access == Access::ReadWrite;
    }));
    peer.signal(SIGSTOP);
    const auto asked = SteadyClock::now();
    source_->stop();
    EXPECT_LT(SteadyClock::now() - asked, 2s);
    EXPECT_EQ(sink_.state().phase, SourcePhase::Stopped);
    peer.signal(SIGCONT);
    // The request to close the session was sent all the same.
    for (int i = 0; i < 100 && peer.ask("sessions") != "0"; ++i) std::this_thread::sleep_for(20ms);
    EXPECT_EQ(peer.ask("sessions"), "0");
}

TEST_F(OpcUaSourceTest, LeavesNoSessionBehind) {
    PeerProcess peer(kPort);
    for (int round = 0; round < 10; ++round) {
        start(options());
        awaitLive();
        source_->stop();
        EXPECT_EQ(peer.ask("sessions"), "0");
        EXPECT_EQ(sink_.state().phase, SourcePhase::Stopped);
        EXPECT_EQ(sink_.state().why.code(), UA_STATUSCODE_BADSHUTDOWN);
    }
}

TEST_F(OpcUaSourceTest, SaysNothingAfterStop) {
    PeerProcess peer(kPort);
    start(options());
    awaitLive();
    source_->stop();
    const auto states = sink_.states().size();
    const auto posts = sink_.posts();
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(sink_.states().size(), states);
    EXPECT_EQ(sink_.posts(), posts);
}

TEST_F(OpcUaSourceTest, OneBadNodeDoesNotTakeTheOthersDown) {
    PeerProcess peer(kPort, {"per_call=3"});
    OpcUaOptions mixed = options();
    mixed.tags.push_back(plantTag("NoSuchNode"));
    mixed.tags.push_back(tag("NoSuchSpace", "nsu=http://elsewhere/;s=X"));
    for (int i = 0; i < 6; ++i) mixed.tags.push_back(tag(fmt::format("Again{}", i), mixed.tags[1].node));
    start(mixed);
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == 8; }));
    const SourceState state = sink_.state();
    EXPECT_EQ(state.tags, 10U);
    EXPECT_EQ(state.badTags, 2U);
    EXPECT_EQ(state.message, "2 of 10 tags cannot be read; the first is `Line.NoSuchNode`: BadNodeIdUnknown");
    ASSERT_TRUE(sink_.await(0ms, [&] {
        const DataValue* bad = sink_.latest("Line.NoSuchSpace");
        return bad != nullptr && bad->value.isNull() && bad->status.code() == UA_STATUSCODE_BADNODEIDUNKNOWN;
    }));
}

TEST_F(OpcUaSourceTest, RetriesFailedTagsWithoutTouchingTheOthers) {
    auto peer = std::make_unique<PeerProcess>(kPort, std::vector<std::string>{"late=2000"});
    OpcUaOptions waiting = options();
    waiting.tags.push_back(plantTag("Late"));
    start(waiting);
    awaitLive();
    EXPECT_EQ(sink_.state().badTags, 1U);
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().badTags == 0; }));
    EXPECT_TRUE(sink_.awaitNumber("Line.Late", 0, kPatience));
    EXPECT_EQ(sink_.state().phase, SourcePhase::Live);
    EXPECT_EQ(sink_.state().message, "");
}

TEST_F(OpcUaSourceTest, TakesADeadbandFromTheServerOrDoesWithoutIt) {
    PeerProcess peer(kPort);
    OpcUaOptions banded = options();
    banded.tags[1].deadbandAbsolute = 5;
    // Percent needs an EURange at the server, which these nodes do not have.
    banded.tags.push_back(plantTag("Level"));
    banded.tags[2].name = "Percent";
    banded.tags[2].deadbandPercent = 10;
    start(banded);
    awaitLive();
    EXPECT_EQ(sink_.state().badTags, 0U) << sink_.state().message;
    ASSERT_TRUE(sink_.awaitNumber("Line.Percent", 0, kPatience));
    EXPECT_EQ(peer.ask("set Level 3"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.Percent", 3, kPatience));
    EXPECT_EQ(peer.ask("set Level 9"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.Level", 9, kPatience));
    EXPECT_EQ(sink_.info("Line.Percent")->deadband.kind, Deadband::Kind::Percent);
}

TEST_F(OpcUaSourceTest, CarriesTenThousandItems) {
    constexpr int kItems = 10'000;
    PeerProcess peer(kPort, {fmt::format("bulk={}", kItems)});
    OpcUaOptions many = options();
    many.tags.clear();
    for (int i = 0; i < kItems; ++i) many.tags.push_back(plantTag(fmt::format("Bulk.{}", i)));
    start(many);
    awaitLive();
    ASSERT_TRUE(sink_.await(kPatience, [&] { return sink_.goodUnlocked() == kItems; }));
    EXPECT_EQ(sink_.state().badTags, 0U);
    const auto postsBefore = sink_.posts();
    const auto updatesBefore = sink_.updates();
    EXPECT_EQ(peer.ask("setall 12.25"), "Good");
    ASSERT_TRUE(sink_.awaitNumber("Line.Bulk.0", 12.25, kPatience));
    ASSERT_TRUE(sink_.awaitNumber(fmt::format("Line.Bulk.{}", kItems - 1), 12.25, kPatience));
    ASSERT_TRUE(sink_.await(kPatience, [&] {
        for (int i = 0; i < kItems; ++i) {
            if (sink_.latest(fmt::format("Line.Bulk.{}", i))->value.toDouble() != 12.25) return false;
        }
        return true;
    }));
    EXPECT_EQ(sink_.updates() - updatesBefore, static_cast<std::size_t>(kItems));
    EXPECT_LT(sink_.posts() - postsBefore, 200U);
}

TEST_F(OpcUaSourceTest, NamesAPortThatIsNoOpcUaServerAndDoesNotStormIt) {
    const Listener listener(kPort, Listener::Manner::CloseAtOnce);
    start(options());
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    EXPECT_NE(sink_.state().message.find("does the port belong to an OPC UA server?"), std::string::npos)
        << sink_.state().message;
    std::this_thread::sleep_for(1s);
    EXPECT_GE(listener.connections(), 2);
    EXPECT_LE(listener.connections(), 40);  // three openings an attempt, an attempt every 100 to 400 ms
}

TEST_F(OpcUaSourceTest, GivesUpOnAServerThatSaysNothing) {
    const Listener listener(kPort, Listener::Manner::SayNothing);
    OpcUaOptions impatient = options();
    impatient.requestTimeout = 300ms;
    start(impatient);
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    EXPECT_EQ(sink_.state().why.code(), UA_STATUSCODE_BADTIMEOUT);
    EXPECT_NE(sink_.state().message.find("does not answer"), std::string::npos) << sink_.state().message;
    const auto asked = SteadyClock::now();
    source_->stop();
    EXPECT_LT(SteadyClock::now() - asked, 2s);
}

TEST_F(OpcUaSourceTest, NamesAHostThatDoesNotExist) {
    OpcUaOptions lost = options();
    lost.endpoint = "opc.tcp://no-such-host.invalid:4840";
    start(lost);
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    EXPECT_TRUE(sink_.state().why.isBad());
    EXPECT_NE(sink_.state().message.find("`no-such-host.invalid`"), std::string::npos)
        << sink_.state().message;
}

TEST_F(OpcUaSourceTest, ReconnectingKeepsTheNumberOfOpenFiles) {
    const auto openFiles = [] {
        int count = 0;
        for (int fd = 0; fd < 1024; ++fd) count += fcntl(fd, F_GETFD) != -1 ? 1 : 0;
        return count;
    };
    start(options());
    ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Backoff, kPatience));
    const auto before = openFiles();
    const auto attempts = [&] {
        const auto& states = sink_.statesUnlocked();
        return std::count_if(states.begin(), states.end(),
                             [](const SourceState& state) { return state.phase == SourcePhase::Backoff; });
    };
    ASSERT_TRUE(sink_.await(kPatience, [&] { return attempts() >= 10; }));
    source_->stop();
    EXPECT_LE(openFiles(), before);
}

}  // namespace
}  // namespace tagwire::source::opcua
