/// A client connected to the OPC UA server of tests/peers/opcua, for tests of services.
/// Thread: the test's. Lifetime: one test.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/time.h"
#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/testing/peer_testing.h"

namespace tagwire::source::opcua {

class ConnectedClient {
public:
    explicit ConnectedClient(const std::vector<std::string>& peerArguments) : peer_(port(), peerArguments) {
        client_.connect();
        EXPECT_TRUE(until([this] { return client_.active(); }));
        info_.request();
        EXPECT_TRUE(until([this] { return info_.complete(); }));
    }

    /// Another one in each test process.
    [[nodiscard]] static std::uint16_t port() {
        return static_cast<std::uint16_t>(26'000 + getpid() % 6'000);
    }

    [[nodiscard]] PeerProcess& peer() noexcept { return peer_; }
    [[nodiscard]] UaClient& client() noexcept { return client_; }
    [[nodiscard]] const ServerInfo& info() const noexcept { return info_; }

    /// Delivers answers until `holds`; false if it does not within `limit`.
    [[nodiscard]] bool until(const std::function<bool()>& holds,
                             std::chrono::milliseconds limit = std::chrono::seconds{20}) {
        const auto deadline = SteadyClock::now() + limit;
        while (!holds()) {
            if (SteadyClock::now() >= deadline) return false;
            client_.run(std::chrono::milliseconds{5});
        }
        return true;
    }

private:
    PeerProcess peer_;
    UaClient client_{{.url = fmt::format("opc.tcp://127.0.0.1:{}", port()),
                      .sessionName = "test",
                      .requestTimeout = std::chrono::seconds{10},
                      .sessionTimeout = std::chrono::seconds{30},
                      .security = {.policy = SecurityPolicyChoice::None}}};
    ServerInfo info_{client_};
};

}  // namespace tagwire::source::opcua
