#include "source/opcua/subscription/subscription_request.h"

#include <algorithm>
#include <utility>

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

/// What a server may make of the interval and counts it was asked for.
constexpr double kMaxIntervalMs = 3'600'000;
constexpr double kMaxKeepAliveMs = 3'600'000;

/// What the server made of what it was asked for, within sensible bounds. `asked`: instead of an interval
/// that makes no sense.
Subscription accepted(const UA_CreateSubscriptionResponse& response, milliseconds asked) {
    Subscription subscription{.id = response.subscriptionId};
    const double revised = response.revisedPublishingInterval;
    const bool sensible = revised > 0 && revised <= kMaxIntervalMs;
    const double interval = sensible ? revised : static_cast<double>(asked.count());
    const auto highest = static_cast<std::uint32_t>(std::max(1.0, kMaxKeepAliveMs / std::max(1.0, interval)));
    subscription.publishingInterval = milliseconds(static_cast<std::int64_t>(std::max(1.0, interval)));
    subscription.keepAliveCount = std::clamp(response.revisedMaxKeepAliveCount, std::uint32_t{1}, highest);
    subscription.lifetimeCount = response.revisedLifetimeCount;
    return subscription;
}

}  // namespace

StatusCode requestSubscription(UaClient& client, const SubscriptionWish& wish,
                               std::function<void(StatusCode, const Subscription&)> done) {
    Ua<UA_CreateSubscriptionRequest> request;
    request->requestedPublishingInterval = static_cast<double>(wish.interval.count());
    request->requestedMaxKeepAliveCount = wish.keepAliveCount;
    request->requestedLifetimeCount = wish.lifetimeCount;
    request->maxNotificationsPerPublish = kMaxNotificationsPerPublish;
    request->publishingEnabled = true;
    return client.call<UA_CreateSubscriptionResponse>(
        request, [interval = wish.interval, done = std::move(done)](UA_CreateSubscriptionResponse& response) {
            const StatusCode result{response.responseHeader.serviceResult};
            done(result, result.isBad() ? Subscription{} : accepted(response, interval));
        });
}

}  // namespace tagwire::source::opcua
