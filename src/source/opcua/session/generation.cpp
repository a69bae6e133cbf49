#include "source/opcua/session/generation.h"

#include <algorithm>
#include <new>
#include <utility>

#include <open62541/nodeids.h>

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
      subscriptions_(client_, publish_, surroundings.options, surroundings.counters),
      resumed_(settings.resume != nullptr) {
    client_.connect();
}

void Generation::subscribe(std::size_t perCall, std::optional<Estate> estate) {
    perCall_ = perCall;
    session_ = client_.sessionKey();
    for (ConnectionPart* part : around_.parts) part->onOpened(*this);
    if (estate && resumed_) {
        estate_ = std::move(estate);
        resume();
    } else if (estate && watch_.health().startTime == estate->serverStarted) {
        estate_ = std::move(estate);
        requestTransfer();
    } else {
        createItems({});
    }
}

void Generation::resume() {
    Estate estate = *std::exchange(estate_, std::nullopt);
    std::vector<std::optional<SubscriptionSlot>> slots(estate.subscriptions.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const SubscriptionRecord& record = estate.subscriptions[i];
        if (record.granted.id == 0) continue;
        if (record.uncertain || record.items == 0) {
            subscriptions_.deleteStranger(record.granted.id);
        } else {
            slots[i] = subscriptions_.adopt(record);
        }
    }
    keepItems(estate.items, slots);
    createItems(std::move(estate.items));
    around_.counters.sessionsResumed.add();
    for (const auto& slot : slots) {
        if (slot) resend(*slot);
    }
    for (const auto& left : estate.parts) left.part->onTakenOver(*this);
}

void Generation::resend(SubscriptionSlot slot) {
    Ua<UA_CallRequest> request;
    request->methodsToCall = UA_CallMethodRequest_new();
    if (request->methodsToCall == nullptr) throw std::bad_alloc();
    request->methodsToCallSize = 1;
    // OPC 10000-5, 9.2; both in namespace 0, numeric: all zero
    request->methodsToCall->objectId.identifier.numeric = UA_NS0ID_SERVER;
    request->methodsToCall->methodId.identifier.numeric = UA_NS0ID_SERVER_RESENDDATA;
    request->methodsToCall->inputArguments = UA_Variant_new();
    if (request->methodsToCall->inputArguments == nullptr) throw std::bad_alloc();
    request->methodsToCall->inputArgumentsSize = 1;
    const UA_UInt32 id = subscriptions_.id(slot);
    if (UA_Variant_setScalarCopy(request->methodsToCall->inputArguments, &id, &UA_TYPES[UA_TYPES_UINT32]) !=
        UA_STATUSCODE_GOOD)
        throw std::bad_alloc();
    const StatusCode sent = client_.call<UA_CallResponse>(request, [this, slot](UA_CallResponse& response) {
        const bool done = StatusCode{response.responseHeader.serviceResult}.isGood() &&
                          response.resultsSize == 1 && StatusCode{response.results[0].statusCode}.isGood();
        // Older servers have no such method.
        if (!done) monitored_->readAll(slot);
    });
    if (sent.isBad()) fault_ = sent;
}

void Generation::keepItems(std::vector<ItemRecord>& items,
                           const std::vector<std::optional<SubscriptionSlot>>& slots) {
    for (ItemRecord& item : items) {
        if (item.phase != ItemRecord::Phase::Created) continue;
        const auto slot = item.slot < slots.size() ? slots[item.slot] : std::nullopt;
        if (slot) {
            item.slot = *slot;
        } else {
            item.phase = ItemRecord::Phase::None;
        }
    }
}

void Generation::requestTransfer() {
    std::vector<UA_UInt32> ids;
    for (const SubscriptionRecord& record : estate_->subscriptions) {
        if (record.granted.id != 0) ids.push_back(record.granted.id);
    }
    for (const auto& left : estate_->parts) ids.push_back(left.id);
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
        around_.counters.subscriptionsTransferred.add();
        recoveries.push_back(
            {record.granted.id, {transfer.availableSequenceNumbers, transfer.availableSequenceNumbersSize}});
    }
    for (const auto& left : estate.parts) {
        const std::size_t answer = next++;
        if (answer >= response.resultsSize) break;
        const UA_TransferResult& transfer = response.results[answer];
        if (StatusCode{transfer.statusCode}.isBad()) continue;
        left.part->onTakenOver(*this);
        around_.counters.subscriptionsTransferred.add();
        recoveries.push_back(
            {left.id, {transfer.availableSequenceNumbers, transfer.availableSequenceNumbersSize}});
    }
    keepItems(estate.items, slots);
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
    if (!slot) {
        for (ConnectionPart* part : around_.parts) part->onSubscriptionLost(subscription, reason);
        return;
    }
    around_.counters.subscriptionsRemade.add();
    subscriptions_.giveUp(*slot);
    if (monitored_) monitored_->subscriptionGone(*slot, reason);
}

std::optional<Estate> Generation::leave() {
    if (estate_) return std::exchange(estate_, std::nullopt);
    const auto started = watch_.health().startTime;
    if (!monitored_ || !started || allLost_) return std::nullopt;
    Estate estate{.session = session_,
                  .serverStarted = *started,
                  .subscriptions = subscriptions_.records(),
                  .items = monitored_->records(),
                  .parts = {}};
    for (const SubscriptionSlot slot : monitored_->unfinished()) estate.subscriptions[slot].uncertain = true;
    for (ConnectionPart* part : around_.parts) {
        if (const auto id = part->ownSubscription(); id != 0) estate.parts.push_back({part, id});
    }
    const bool any =
        !estate.parts.empty() ||
        std::ranges::any_of(estate.subscriptions, [](const auto& record) { return record.granted.id != 0; });
    return any ? std::optional(std::move(estate)) : std::nullopt;
}

StatusCode Generation::fault() const noexcept {
    for (const StatusCode fault : {fault_, info_.fault(), watch_.fault(), subscriptions_.fault()}) {
        if (fault.isBad()) return fault;
    }
    return monitored_ ? monitored_->fault() : StatusCode{};
}

void Generation::onDataChange(NotificationReader& notifications) {
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
    for (ConnectionPart* part : around_.parts) part->onGap(subscription);
}

void Generation::onSubscriptionLost(std::uint32_t subscription, StatusCode reason) {
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
