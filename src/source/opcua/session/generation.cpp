#include "source/opcua/session/generation.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace tagwire::source::opcua {

Generation::Generation(const ClientSettings& settings, const Surroundings& surroundings)
    : around_(surroundings),
      client_(settings),
      info_(client_),
      decoder_(info_.namespaces()),
      typeReader_(client_, info_.limits(), decoder_.types()),
      watch_(client_),
      publish_(client_, *this, surroundings.counters),
      subscriptions_(client_, publish_, surroundings.options, surroundings.counters) {
    client_.connect();
}

void Generation::subscribe(std::size_t perCall, std::optional<Estate> estate) {
    perCall_ = perCall;
    for (ConnectionPart* part : around_.parts) part->onOpened(*this);
    if (estate && watch_.health().startTime == estate->serverStarted) {
        estate_ = std::move(estate);
        requestTransfer();
    } else {
        createItems({});
    }
}

void Generation::requestTransfer() {
    std::vector<UA_UInt32> ids;
    for (const SubscriptionRecord& record : estate_->subscriptions) {
        if (record.granted.id != 0) ids.push_back(record.granted.id);
    }
    Ua<UA_TransferSubscriptionsRequest> request;
    request->subscriptionIds = ids.data();
    request->subscriptionIdsSize = ids.size();
    request->sendInitialValues = true;
    const StatusCode sent = client_.call<UA_TransferSubscriptionsResponse>(
        request, [this](UA_TransferSubscriptionsResponse& response) { onTransferred(response); });
    // Only lent to the request.
    request->subscriptionIds = nullptr;
    request->subscriptionIdsSize = 0;
    if (sent.isBad()) fault_ = sent;
}

void Generation::onTransferred(const UA_TransferSubscriptionsResponse& response) {
    const StatusCode result{response.responseHeader.serviceResult};
    if (!client_.active() || result.code() == UA_STATUSCODE_BADTIMEOUT) {
        fault_ = result.isBad() ? result : StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED};
        return;  // the next connection asks again
    }
    Estate estate = *std::exchange(estate_, std::nullopt);
    if (result.isBad()) {
        log::info("opcua", "{}: the server does not hand over subscriptions ({}); they are made anew",
                  around_.options.name, statusText(result));
        createItems({});
        return;
    }

    struct Recovery {
        std::uint32_t subscription;
        std::span<const UA_UInt32> available;
    };
    std::vector<Recovery> recoveries;
    std::vector<std::optional<SubscriptionSlot>> slots(estate.subscriptions.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < estate.subscriptions.size(); ++i) {
        const SubscriptionRecord& record = estate.subscriptions[i];
        if (record.granted.id == 0) continue;
        const std::size_t answer = next++;
        if (answer >= response.resultsSize) break;
        const UA_TransferResult& transfer = response.results[answer];
        if (StatusCode{transfer.statusCode}.isBad()) continue;
        if (record.uncertain || record.items == 0) {
            subscriptions_.deleteStranger(record.granted.id);
            continue;
        }
        slots[i] = subscriptions_.adopt(record);
        recoveries.push_back(
            {record.granted.id, {transfer.availableSequenceNumbers, transfer.availableSequenceNumbersSize}});
    }
    for (ItemRecord& item : estate.items) {
        if (item.phase != ItemRecord::Phase::Created) continue;
        const auto slot = item.slot < slots.size() ? slots[item.slot] : std::nullopt;
        if (slot) {
            item.slot = *slot;
        } else {
            item.phase = ItemRecord::Phase::None;
        }
    }
    log::info("opcua", "{}: {} of {} subscriptions taken over", around_.options.name, recoveries.size(),
              next);
    createItems(std::move(estate.items));
    for (const Recovery& recovery : recoveries) publish_.recover(recovery.subscription, recovery.available);
}

void Generation::createItems(std::vector<ItemRecord> before) {
    monitored_.emplace(client_, subscriptions_, around_.items, decoder_, perCall_, around_.resolver,
                       std::move(before), around_.counters);
}

void Generation::tick(SteadyTime now) {
    if (client_.active()) watch_.tick(now);
    if (monitored_) {
        monitored_->tick(now);
        publish_.tick(now);
        if (typeReader_.tick()) around_.items.redeliver(decoder_);
        for (ConnectionPart* part : around_.parts) part->onTurn(*this, now);
    }
}

bool Generation::checkSilence(SteadyTime now) {
    const auto silent = publish_.silent(now);
    if (silent.empty()) return false;
    if (silent.size() == publish_.count()) return true;
    for (const std::uint32_t subscription : silent) {
        const auto* flow = publish_.find(subscription);
        log::warning(
            "opcua",
            "{}: the tags with a publishing interval of {} ms have been silent for {} ms while others "
            "are not; their subscription is made anew",
            around_.options.name, flow->subscription().publishingInterval.count(),
            flow->silence(now).count());
        remake(subscription, StatusCode{UA_STATUSCODE_BADNOCOMMUNICATION});
    }
    return false;
}

void Generation::remake(std::uint32_t subscription, StatusCode reason) {
    const auto slot = subscriptions_.slotOf(subscription);
    if (!slot) return;
    around_.counters.subscriptionsRemade.add();
    subscriptions_.giveUp(*slot);
    if (monitored_) monitored_->subscriptionGone(*slot, reason);
}

std::optional<Estate> Generation::leave() {
    if (estate_) return std::exchange(estate_, std::nullopt);
    const auto started = watch_.health().startTime;
    if (!monitored_ || !started || allLost_) return std::nullopt;
    Estate estate{
        .serverStarted = *started, .subscriptions = subscriptions_.records(), .items = monitored_->records()};
    for (const SubscriptionSlot slot : monitored_->unfinished()) estate.subscriptions[slot].uncertain = true;
    const bool any =
        std::ranges::any_of(estate.subscriptions, [](const auto& record) { return record.granted.id != 0; });
    return any ? std::optional(std::move(estate)) : std::nullopt;
}

StatusCode Generation::fault() const noexcept {
    for (const StatusCode fault : {fault_, info_.fault(), watch_.fault(), subscriptions_.fault()}) {
        if (fault.isBad()) return fault;
    }
    return monitored_ ? monitored_->fault() : StatusCode{};
}

void Generation::onDataChange(std::span<const UA_MonitoredItemNotification> notifications) {
    around_.items.takeNotifications(notifications, decoder_);
}

void Generation::onEvents(std::span<const UA_EventFieldList> events) {
    for (ConnectionPart* part : around_.parts) part->onEvents(events);
}

void Generation::onPublished() { around_.items.flush(); }

void Generation::onGap(std::uint32_t subscription, std::uint32_t messages) {
    log::warning("opcua", "{}: {} messages of the server with an unknown number of values are missing",
                 around_.options.name, messages);
    if (const auto slot = subscriptions_.slotOf(subscription); slot && monitored_) monitored_->markGap(*slot);
}

void Generation::onSubscriptionLost(std::uint32_t subscription, StatusCode reason) {
    if (!subscriptions_.slotOf(subscription)) return;
    log::warning("opcua", "{}: the server ended a subscription ({}); it is made anew", around_.options.name,
                 statusText(reason));
    remake(subscription, reason);
}

void Generation::onAllLost(StatusCode reason) {
    allLost_ = true;
    fault_ = reason;
}

void Generation::onStranger(std::uint32_t subscription) { subscriptions_.deleteStranger(subscription); }

}  // namespace tagwire::source::opcua
