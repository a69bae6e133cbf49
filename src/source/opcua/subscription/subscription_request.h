/// Asks a server for one subscription (OPC 10000-4, 5.14.2).
/// Thread: the source's. Lifetime: functions; the client outlives the answer or drops it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/subscription/subscription_flow.h"

namespace tagwire::source::opcua {

/// Bounds the memory of one response, and how long the changes behind it wait.
inline constexpr std::uint32_t kMaxNotificationsPerPublish = 10'000;

struct SubscriptionWish {
    std::chrono::milliseconds interval;
    std::uint32_t keepAliveCount;
    std::uint32_t lifetimeCount;
};

/// `done` is called once: Good with the subscription, or why there is none. Good if the request was sent;
/// otherwise `done` is never called.
[[nodiscard]] StatusCode requestSubscription(UaClient& client, const SubscriptionWish& wish,
                                             std::function<void(StatusCode, const Subscription&)> done);

}  // namespace tagwire::source::opcua
