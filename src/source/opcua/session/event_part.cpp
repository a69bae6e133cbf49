#include "source/opcua/session/event_part.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/subscription/subscription_request.h"

namespace tagwire::source::opcua {

EventPart::EventPart(const OpcUaOptions& options, UpdateSink& sink, ModelChangeListener* modelChanges)
    : options_(options), book_(options.events, sink), modelChanges_(modelChanges) {}

void EventPart::onOpened(Generation& generation) {
    if (!wanted()) return;
    generation_ = &generation;
    monitor_.emplace(
        generation.client(), book_, generation.info().namespaces(),
        EventMonitorSettings{options_.name, options_.events, options_.retryFailed, modelChanges_});
    nextTry_ = SteadyClock::now();
}

void EventPart::onTurn(Generation& /*generation*/, SteadyTime now) {
    if (nextTry_ && now >= *nextTry_) subscribe();
    if (monitor_) monitor_->tick(now);
}

void EventPart::subscribe() {
    nextTry_.reset();
    left_.reset();  // it was not taken over
    const SubscriptionWish wish{.interval = options_.publishingInterval,
                                .keepAliveCount = options_.keepAliveCount,
                                .lifetimeCount = options_.lifetimeCount};
    // A request that is not sent: the connection is closing, and the next one asks again.
    static_cast<void>(requestSubscription(
        generation_->client(), wish, [this](StatusCode status, const Subscription& subscription) {
            if (status.isBad()) {
                if (status != std::exchange(refusal_, status))
                    log::warning("opcua", "{}: {}", options_.name, notice());
                nextTry_ = SteadyClock::now() + options_.retryFailed;
                return;
            }
            refusal_ = {};
            subscription_ = subscription.id;
            generation_->publishing().add(subscription);
            monitor_->begin(subscription_);
        }));
}

void EventPart::onEvents(std::span<const UA_EventFieldList> events) {
    if (monitor_) monitor_->onEvents(events);
}

void EventPart::onGap(std::uint32_t subscription) {
    if (monitor_ && subscription == subscription_) monitor_->onGap();
}

void EventPart::onSubscriptionLost(std::uint32_t subscription, StatusCode /*reason*/) {
    if (!monitor_ || subscription != subscription_) return;
    generation_->publishing().remove(subscription);
    monitor_->lose();
    subscription_ = 0;
    nextTry_ = SteadyClock::now() + options_.reconnectMin;
}

std::uint32_t EventPart::ownSubscription() const {
    return subscription_ != 0 && monitor_->settled() ? subscription_ : 0;
}

void EventPart::onTakenOver(Generation& generation) {
    if (!left_ || !monitor_) return;
    subscription_ = left_->granted.id;
    generation.publishing().add(left_->granted, left_->past);
    monitor_->resume(subscription_, left_->monitor);
    left_.reset();
    nextTry_.reset();
}

std::size_t EventPart::itemsIn(std::uint32_t subscription) const {
    return monitor_ && subscription == subscription_ ? monitor_->created() : 0;
}

std::string EventPart::notice() const {
    if (refusal_.isBad()) {
        return fmt::format(
            "no events: the server gives no subscription for them ({}); close other clients there, or raise "
            "its limit of subscriptions",
            statusText(refusal_));
    }
    return monitor_ ? monitor_->notice() : std::string();
}

void EventPart::onClosed() {
    if (subscription_ != 0) {
        left_.reset();
        const SubscriptionFlow* flow = generation_->publishing().find(subscription_);
        if (flow != nullptr && monitor_->settled())
            left_.emplace(Left{flow->subscription(), flow->past(), monitor_->record()});
    }
    monitor_.reset();
    generation_ = nullptr;
    subscription_ = 0;
    nextTry_.reset();
}

}  // namespace tagwire::source::opcua
