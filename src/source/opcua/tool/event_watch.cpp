#include "source/opcua/tool/event_watch.h"

#include <chrono>
#include <utility>

#include "source/opcua/subscription/subscription_request.h"

namespace tagwire::source::opcua {
namespace {

constexpr SubscriptionWish kWish{
    .interval = std::chrono::milliseconds(250), .keepAliveCount = 20, .lifetimeCount = 120};
constexpr std::chrono::seconds kRetry{30};

}  // namespace

EventWatch::EventWatch(Connection& connection, EventOptions options,
                       std::function<void(const EventBatch&)> take)
    : options_(std::move(options)),
      take_(std::move(take)),
      book_(options_, *this),
      publish_(connection.client(), *this, counters_) {
    monitor_.emplace(connection.client(), book_, connection.info().namespaces(),
                     EventMonitorSettings{"tagwire opcua", options_, kRetry});
    const StatusCode sent = requestSubscription(connection.client(), kWish,
                                                [this](StatusCode status, const Subscription& subscription) {
                                                    if (status.isBad()) {
                                                        problem_ = status;
                                                        return;
                                                    }
                                                    publish_.add(subscription);
                                                    monitor_->begin(subscription.id);
                                                });
    if (sent.isBad()) problem_ = sent;
}

EventWatch::~EventWatch() {
    take_ = [](const EventBatch&) {};
}

bool EventWatch::turn() {
    const SteadyTime now = SteadyClock::now();
    publish_.tick(now);
    monitor_->tick(now);
    if (!publish_.silent(now).empty()) problem_ = StatusCode{UA_STATUSCODE_BADNOCOMMUNICATION};
    if (!monitor_->notice().empty()) problem_ = StatusCode{UA_STATUSCODE_BADNOTSUPPORTED};
    return problem_.isBad();
}

void EventWatch::postEvents(EventBatch batch) {
    if (batch.current) current_ = *batch.current;
    take_(batch);
}

}  // namespace tagwire::source::opcua
