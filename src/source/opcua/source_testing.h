/// A source as the tests run it: quick, against the server of tests/peers/opcua.
/// Thread: the test's. Lifetime: one test.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "source/opcua/opcua_source.h"
#include "source/opcua/testing/peer_testing.h"
#include "source/opcua/testing/recording_sink_testing.h"

namespace tagwire::source::opcua {

/// Each test process has its own, so that they can run at the same time; below the ephemeral ports.
inline const auto kPort = static_cast<std::uint16_t>(12'000 + getpid() % 8'000);
/// Of a proxy before the server, or of a second server.
inline const auto kOtherPort = static_cast<std::uint16_t>(kPort + 8'000);
inline constexpr auto kPatience = std::chrono::seconds(15);
/// Of options(): ten publishing intervals.
inline constexpr auto kKeepAlive = std::chrono::milliseconds(500);

inline TagOptions tag(std::string name, std::string node) {
    TagOptions options;
    options.name = std::move(name);
    options.node = std::move(node);
    return options;
}

inline TagOptions plantTag(const std::string& name) {
    return tag(name, "nsu=http://tagwire.test/plant/;s=" + name);
}

inline OpcUaOptions options(std::uint16_t port = kPort) {
    using namespace std::chrono_literals;
    OpcUaOptions options;
    options.name = "plc1";
    options.endpoint = fmt::format("opc.tcp://127.0.0.1:{}", port);
    options.prefix = "Line";
    options.security.policy = SecurityPolicyChoice::None;
    options.publishingInterval = 50ms;
    options.samplingInterval = 20ms;
    options.keepAliveCount = 10;
    options.lifetimeCount = 100;
    options.requestTimeout = 2s;
    options.reconnectMin = 100ms;
    options.reconnectMax = 1s;
    options.retryFailed = 300ms;
    options.writable = {"**"};
    options.tags = {plantTag("Counter"), plantTag("Level")};
    return options;
}

class OpcUaSourceTest : public testing::Test {
protected:
    void start(OpcUaOptions options) {
        source_ = std::make_unique<OpcUaSource>(std::move(options), SourceId{3}, sink_);
        source_->start();
    }
    void awaitLive() { ASSERT_TRUE(sink_.awaitPhase(SourcePhase::Live, kPatience)) << sink_.state().message; }

    RecordingSink sink_;
    std::unique_ptr<OpcUaSource> source_;
};

}  // namespace tagwire::source::opcua
