/// Asks the server every second how it is: its state, its clock, its service level (OPC 10000-5, 12.10 and
/// 6.3.1). It also keeps the session alive, however short the server made its timeout.
/// Thread: the source's. Lifetime: one generation.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"

namespace tagwire::source::opcua {

/// A level below this means that the data are degraded (OPC 10000-4, 6.6.2.4.2).
inline constexpr std::uint8_t kHealthyServiceLevel = 200;

struct ServerHealth {
    /// Unset where the server does not tell.
    std::optional<UA_ServerState> state;
    /// Tells one run of the server from the next.
    std::optional<UA_DateTime> startTime;
    std::optional<std::uint8_t> serviceLevel;
    /// In the server's words; empty unless it shuts down.
    std::string shutdownReason;
    std::uint32_t secondsTillShutdown = 0;
    std::optional<std::chrono::milliseconds> clockSkew;
    std::optional<std::chrono::milliseconds> roundTrip;
};

/// "Running", "Suspended" …; empty where it is not known.
[[nodiscard]] std::string_view serverStateName(const ServerHealth& health) noexcept;

/// What people should know of a server that is not running, or is degraded; empty while all is well.
[[nodiscard]] std::string healthWarning(const ServerHealth& health);

class ServerWatch {
public:
    static constexpr std::chrono::milliseconds kInterval{1'000};

    explicit ServerWatch(UaClient& client) noexcept : client_(client) {}
    ServerWatch(const ServerWatch&) = delete;
    ServerWatch& operator=(const ServerWatch&) = delete;
    ~ServerWatch() = default;

    /// Asks when it is time.
    void tick(SteadyTime now);
    /// The server has answered at least once.
    [[nodiscard]] bool complete() const noexcept { return asked_ && answered_ >= 2; }
    [[nodiscard]] const ServerHealth& health() const noexcept { return health_; }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

private:
    void read(UA_UInt32 node, void (ServerWatch::*take)(const UA_DataValue&));
    void takeStatus(const UA_DataValue& value);
    void takeLevel(const UA_DataValue& value);

    UaClient& client_;
    bool asked_ = false;
    int open_ = 0;
    int answered_ = 0;
    SteadyTime sent_;
    Timestamp sentAt_;
    SteadyTime next_;
    ServerHealth health_;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
