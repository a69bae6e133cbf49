/// What a source tells of its inner life, for administrators: numbers since its start and how things are.
/// Thread: any once shared. Lifetime: value type.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/tag_id.h"

namespace tagwire {

/// One number, as shown in /metrics: `<name>` with the label source. The texts are literals.
struct SourceCount {
    std::string_view name;
    std::string_view help;
    bool counter = true;
    double value = 0;

    friend bool operator==(const SourceCount&, const SourceCount&) = default;
};

/// Values that come together from the server.
struct SubscriptionDiagnostics {
    std::uint32_t id = 0;
    std::chrono::milliseconds askedInterval{0};
    std::chrono::milliseconds publishingInterval{0};
    std::uint32_t keepAliveCount = 0;
    std::uint32_t lifetimeCount = 0;
    std::uint64_t items = 0;
    /// Since something last came.
    std::chrono::milliseconds silence{0};

    friend bool operator==(const SubscriptionDiagnostics&, const SubscriptionDiagnostics&) = default;
};

struct SourceDiagnostics {
    SourceId source;
    Timestamp at;
    /// The address in use, or tried last.
    std::string endpoint;
    /// As the server says: "Running", "Suspended" …; empty where it does not tell.
    std::string serverState;
    std::optional<std::uint8_t> serviceLevel;
    std::optional<Timestamp> serverStarted;
    /// The server's clock minus ours, and how long it took to ask.
    std::optional<std::chrono::milliseconds> clockSkew;
    std::optional<std::chrono::milliseconds> roundTrip;
    std::vector<SourceCount> counts;
    std::vector<SubscriptionDiagnostics> subscriptions;

    friend bool operator==(const SourceDiagnostics&, const SourceDiagnostics&) = default;
};

}  // namespace tagwire
