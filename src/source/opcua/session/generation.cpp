#include "source/opcua/session/generation.h"

#include <algorithm>

#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

/// Bounds the memory of one response, and how long the changes behind it wait.
constexpr std::uint32_t kMaxNotificationsPerPublish = 10'000;

/// What a server may make of the interval and count it was asked for.
constexpr double kMaxIntervalMs = 3'600'000;
constexpr double kMaxKeepAliveMs = 3'600'000;

Subscription accepted(const UA_CreateSubscriptionResponse& response, const OpcUaOptions& asked) {
    Subscription subscription{.id = response.subscriptionId};
    const double revised = response.revisedPublishingInterval;
    const bool sensible = revised > 0 && revised <= kMaxIntervalMs;
    const double interval = sensible ? revised : static_cast<double>(asked.publishingInterval.count());
    const auto highest = static_cast<std::uint32_t>(std::max(1.0, kMaxKeepAliveMs / std::max(1.0, interval)));
    subscription.publishingInterval =
        std::chrono::milliseconds(static_cast<std::int64_t>(std::max(1.0, interval)));
    subscription.keepAliveCount = std::clamp(response.revisedMaxKeepAliveCount, std::uint32_t{1}, highest);
    return subscription;
}

}  // namespace

Generation::Generation(const ClientSettings& settings, const OpcUaOptions& options, ItemTable& items,
                       EventBook& book)
    : options_(options), table_(items), book_(book), client_(settings), info_(client_) {
    client_.connect();
}

void Generation::subscribe(std::size_t perCall) {
    Ua<UA_CreateSubscriptionRequest> request;
    request->requestedPublishingInterval = static_cast<double>(options_.publishingInterval.count());
    request->requestedMaxKeepAliveCount = options_.keepAliveCount;
    request->requestedLifetimeCount = options_.lifetimeCount;
    request->maxNotificationsPerPublish = kMaxNotificationsPerPublish;
    request->publishingEnabled = true;
    const StatusCode sent = client_.call<UA_CreateSubscriptionResponse>(
        request,
        [this, perCall](UA_CreateSubscriptionResponse& response) { onSubscription(response, perCall); });
    if (sent.isBad()) fault_ = sent;
}

void Generation::onSubscription(const UA_CreateSubscriptionResponse& response, std::size_t perCall) {
    const StatusCode result{response.responseHeader.serviceResult};
    if (result.isBad()) {
        fault_ = result;
        return;
    }
    const Subscription subscription = accepted(response, options_);
    publish_.emplace(client_, *this, subscription);
    monitored_.emplace(client_, subscription.id, table_, info_.namespaces(), perCall);
    if (options_.events.enabled) {
        events_.emplace(client_, book_, info_.namespaces(),
                        EventMonitorSettings{options_.name, options_.events, options_.retryFailed});
        events_->begin(subscription.id);
    }
}

void Generation::tick(SteadyTime now) {
    if (monitored_) monitored_->tick();
    if (events_) events_->tick(now);
    if (publish_) publish_->tick(now);
}

StatusCode Generation::fault() const noexcept {
    if (fault_.isBad()) return fault_;
    if (info_.fault().isBad()) return info_.fault();
    return monitored_ ? monitored_->fault() : StatusCode{};
}

void Generation::onDataChange(std::span<const UA_MonitoredItemNotification> notifications) {
    table_.takeNotifications(notifications, info_.namespaces());
}

void Generation::onEvents(std::span<const UA_EventFieldList> events) {
    if (events_) events_->onEvents(events);
}

void Generation::onPublished() {
    table_.flush();
    if (events_) events_->onPublished();
}

void Generation::onGap(std::uint32_t messages) {
    log::warning("opcua", "{}: {} messages of the server with an unknown number of values are missing",
                 options_.name, messages);
    table_.markGap();
    if (events_) events_->onGap();
}

void Generation::onSubscriptionLost(StatusCode reason) { fault_ = reason; }

}  // namespace tagwire::source::opcua
