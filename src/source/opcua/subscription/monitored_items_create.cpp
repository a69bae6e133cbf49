// How monitored items come to be at the server: batches, what it answers, and what is done about a refusal.
#include <algorithm>
#include <utility>

#include "source/opcua/subscription/data_change_filter.h"
#include "source/opcua/subscription/monitored_items.h"

namespace tagwire::source::opcua {
namespace {

/// Faults that concern the connection, not the items in the call.
bool isConnectionFault(StatusCode status) noexcept {
    switch (status.withoutInfoBits().code()) {
        case UA_STATUSCODE_BADTIMEOUT:
        case UA_STATUSCODE_BADSHUTDOWN:
        case UA_STATUSCODE_BADSERVERHALTED:
        case UA_STATUSCODE_BADNOTCONNECTED:
        case UA_STATUSCODE_BADCONNECTIONCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELIDINVALID:
        case UA_STATUSCODE_BADSESSIONIDINVALID:
        case UA_STATUSCODE_BADSESSIONCLOSED:
        case UA_STATUSCODE_BADSESSIONNOTACTIVATED: return true;
        default: return false;
    }
}

}  // namespace

bool MonitoredItems::sendNext(std::chrono::milliseconds interval, std::deque<Indexes>& waiting,
                              SteadyTime now) {
    const auto place = subscriptions_.placeFor(interval, now);
    if (place.kind == SubscriptionSet::Place::Kind::Wait) return false;
    Indexes batch = std::move(waiting.front());
    waiting.pop_front();
    if (place.kind == SubscriptionSet::Place::Kind::Refused) {
        for (const std::uint32_t index : batch) {
            records_[index].handle = table_.handle(index);
            become(index, Phase::Failed, place.why);
        }
        return true;
    }
    const std::size_t most = std::min(perCall_, place.room);
    if (batch.size() > most) {
        const auto cut = batch.begin() + static_cast<std::ptrdiff_t>(most);
        waiting.emplace_front(cut, batch.end());
        batch.erase(cut, batch.end());
    }
    return send(batch, place.slot);
}

Result<Ua<UA_NodeId>, StatusCode> MonitoredItems::nodeOf(std::uint32_t index) const {
    if (const auto* address = std::get_if<NodeAddress>(&table_[index].address))
        return resolve(*address, decoder_.namespaces());
    const auto found = found_.find(index);
    Ua<UA_NodeId> node;
    if (found == found_.end() || UA_NodeId_copy(&found->second.get(), &node.get()) != UA_STATUSCODE_GOOD)
        return tl::unexpected(StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
    return node;
}

bool MonitoredItems::send(const Indexes& items, SubscriptionSlot slot) {
    UaArray<UA_MonitoredItemCreateRequest> creates(items.size());
    Batch sent;
    sent.reserve(items.size());
    for (const std::uint32_t index : items) {
        if (!table_.wanted(index)) {
            become(index, Phase::None);
            continue;
        }
        records_[index].handle = table_.handle(index);
        auto node = nodeOf(index);
        if (!node) {
            become(index, Phase::Failed, node.error());
            continue;
        }
        fillRequest(creates[sent.size()], index, std::move(*node));
        become(index, Phase::Asked);
        sent.push_back({index, records_[index].handle});
    }
    if (sent.empty()) return true;

    Ua<UA_CreateMonitoredItemsRequest> request;
    request->subscriptionId = subscriptions_.id(slot);
    request->timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
    request->itemsToCreate = creates.data();
    // The places of items that could not be resolved are empty and stay at home.
    request->itemsToCreateSize = sent.size();
    const std::size_t count = sent.size();
    const StatusCode status = client_.call<UA_CreateMonitoredItemsResponse>(
        request, [this, slot, batch = std::move(sent)](UA_CreateMonitoredItemsResponse& response) {
            --inFlight_;
            subscriptions_.endCall(slot);
            onAnswer(batch, slot, response);
        });
    // Only lent to the request.
    request->itemsToCreate = nullptr;
    request->itemsToCreateSize = 0;
    if (status.isGood()) {
        ++inFlight_;
        subscriptions_.beginCall(slot);
        subscriptions_.take(slot, count);
        return true;
    }
    // A request that the server's buffers cannot hold ends the connection; the next one tries with less.
    if (count > 1) perCall_ = std::max<std::size_t>(1, std::min(perCall_, count) / 2);
    fault_ = status;
    return false;
}

void MonitoredItems::fillRequest(UA_MonitoredItemCreateRequest& request, std::uint32_t index,
                                 Ua<UA_NodeId> node) const {
    const ItemSettings& settings = table_[index].settings;
    std::swap(request.itemToMonitor.nodeId, node.get());
    request.itemToMonitor.attributeId = UA_ATTRIBUTEID_VALUE;
    request.monitoringMode = UA_MONITORINGMODE_REPORTING;
    request.requestedParameters.clientHandle = records_[index].handle;
    request.requestedParameters.samplingInterval = static_cast<double>(settings.samplingInterval.count());
    request.requestedParameters.queueSize = settings.queueSize;
    request.requestedParameters.discardOldest = settings.discardOldest;
    if (needsFilter(settings.deadband) && !records_[index].withoutFilter) {
        UA_DataChangeFilter filter = filterOf(settings.deadband);
        if (UA_ExtensionObject_setValueCopy(&request.requestedParameters.filter, &filter,
                                            &UA_TYPES[UA_TYPES_DATACHANGEFILTER]) != UA_STATUSCODE_GOOD) {
            throw std::bad_alloc();
        }
    }
}

void MonitoredItems::onAnswer(const Batch& batch, SubscriptionSlot slot,
                              const UA_CreateMonitoredItemsResponse& response) {
    const StatusCode result{response.responseHeader.serviceResult};
    if (subscriptions_.gone(slot)) {
        // Given up meanwhile, with what was to be in it.
        Indexes again;
        for (const auto& [index, handle] : batch) {
            become(index, Phase::None);
            reconcile(index);
            if (records_[index].phase == Phase::Waiting) again.push_back(index);
        }
        enqueue(std::move(again));
        return;
    }
    if (result.isBad()) {
        onCallRefused(batch, slot, result);
        return;
    }
    Indexes again;
    std::size_t refused = 0;
    bool full = false;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i < response.resultsSize) {
            full = full || response.results[i].statusCode == UA_STATUSCODE_BADTOOMANYMONITOREDITEMS;
            onResult(batch[i], slot, response.results[i], again, refused);
        } else {
            // The server answered for fewer items.
            ++refused;
            become(batch[i].index, Phase::Failed, StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE});
        }
    }
    // An item that not even an empty subscription takes finds no room anywhere.
    const bool hopeless = full && subscriptions_.held(slot, refused) == 0;
    if (full && !hopeless) subscriptions_.full(slot, refused);
    if (refused > 0) subscriptions_.give(slot, refused);
    if (hopeless) {
        for (const std::uint32_t index : std::exchange(again, {}))
            become(index, Phase::Failed, StatusCode{UA_STATUSCODE_BADTOOMANYMONITOREDITEMS});
    }
    enqueue(std::move(again));
}

void MonitoredItems::onResult(const Asked& asked, SubscriptionSlot slot,
                              const UA_MonitoredItemCreateResult& result, Indexes& again,
                              std::size_t& refused) {
    const auto [index, handle] = asked;
    ItemRecord& record = records_[index];
    const StatusCode status{result.statusCode};
    if (status.isBad()) {
        ++refused;
        if (isFilterRefused(status) && needsFilter(table_[index].settings.deadband) &&
            !record.withoutFilter) {
            record.withoutFilter = true;
            become(index, Phase::Waiting);
            again.push_back(index);
        } else if (status.code() == UA_STATUSCODE_BADTOOMANYMONITOREDITEMS) {
            become(index, Phase::Waiting);
            again.push_back(index);
        } else {
            counters_.itemsRefused.add();
            become(index, Phase::Failed, status);
        }
        return;
    }
    record.slot = slot;
    record.monitoredItemId = result.monitoredItemId;
    become(index, Phase::Created);
    if (table_.wanted(index) && table_.handle(index) == handle)
        table_.takeGranted(index, result.revisedSamplingInterval, result.revisedQueueSize);
    // Removed, or replaced by another, while it was asked for.
    reconcile(index);
    if (record.phase == Phase::Waiting) again.push_back(index);
}

void MonitoredItems::onCallRefused(const Batch& batch, SubscriptionSlot slot, StatusCode reason) {
    if (isConnectionFault(reason)) {
        fault_ = reason;
        return;
    }
    Indexes items;
    items.reserve(batch.size());
    for (const auto& [index, handle] : batch) {
        become(index, Phase::Waiting);
        items.push_back(index);
    }
    if (reason.code() == UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID) {
        enqueue(std::move(items));
        subscriptions_.giveUp(slot);
        subscriptionGone(slot, reason);
        return;
    }
    const bool full = reason.code() == UA_STATUSCODE_BADTOOMANYMONITOREDITEMS;
    if (full && subscriptions_.held(slot, items.size()) > 0) {
        subscriptions_.full(slot, items.size());
        subscriptions_.give(slot, items.size());
        enqueue(std::move(items));
        return;
    }
    if (items.size() == 1) {
        become(items.front(), Phase::Failed, reason);
        subscriptions_.give(slot, 1);
        return;
    }
    // Too many for the server, or one among them that it cannot bear: the halves will tell.
    if (reason.code() == UA_STATUSCODE_BADTOOMANYOPERATIONS)
        perCall_ = std::max<std::size_t>(1, std::min(perCall_, items.size() / 2));
    subscriptions_.letGo(slot, items.size());  // it is wanted at once again
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    enqueue(Indexes(items.begin(), middle));
    enqueue(Indexes(middle, items.end()));
}

}  // namespace tagwire::source::opcua
