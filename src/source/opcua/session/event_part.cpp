#include "source/opcua/session/event_part.h"

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
    const SubscriptionWish wish{.interval = options_.publishingInterval,
                                .keepAliveCount = options_.keepAliveCount,
                                .lifetimeCount = options_.lifetimeCount};
    // A request that is not sent: the connection is closing, and the next one asks again.
    static_cast<void>(requestSubscription(
        generation_->client(), wish, [this](StatusCode status, const Subscription& subscription) {
            if (status.isBad()) {
                if (status != refusal_)
                    log::warning("opcua", "{}: no subscription for events ({}): has the server too few?",
                                 options_.name, statusText(status));
                refusal_ = status;
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

void EventPart::onClosed() {
    monitor_.reset();
    generation_ = nullptr;
    subscription_ = 0;
    nextTry_.reset();
}

}  // namespace tagwire::source::opcua
