#include "source/opcua/subscription/monitored_items.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tagwire::source::opcua {
namespace {

/// Calls at the server at a time: enough to keep it busy, few enough not to fill its socket.
constexpr std::size_t kMaxInFlight = 4;

/// The server takes no filter, not this one, or not for this node.
bool isFilterRefused(StatusCode status) noexcept {
    switch (status.withoutInfoBits().code()) {
        case UA_STATUSCODE_BADMONITOREDITEMFILTERINVALID:
        case UA_STATUSCODE_BADMONITOREDITEMFILTERUNSUPPORTED:
        case UA_STATUSCODE_BADFILTERNOTALLOWED:
        case UA_STATUSCODE_BADDEADBANDFILTERINVALID: return true;
        default: return false;
    }
}

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
        case UA_STATUSCODE_BADSESSIONNOTACTIVATED:
        case UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID: return true;
        default: return false;
    }
}

bool needsFilter(const Deadband& deadband) noexcept {
    return deadband.kind != Deadband::Kind::None || deadband.trigger != DataChangeTrigger::StatusValue;
}

UA_DataChangeFilter filterOf(const Deadband& deadband) noexcept {
    UA_DataChangeFilter filter{};
    switch (deadband.trigger) {
        case DataChangeTrigger::Status: filter.trigger = UA_DATACHANGETRIGGER_STATUS; break;
        case DataChangeTrigger::StatusValue: filter.trigger = UA_DATACHANGETRIGGER_STATUSVALUE; break;
        case DataChangeTrigger::StatusValueTimestamp:
            filter.trigger = UA_DATACHANGETRIGGER_STATUSVALUETIMESTAMP;
            break;
    }
    switch (deadband.kind) {
        case Deadband::Kind::None: filter.deadbandType = UA_DEADBANDTYPE_NONE; break;
        case Deadband::Kind::Absolute: filter.deadbandType = UA_DEADBANDTYPE_ABSOLUTE; break;
        case Deadband::Kind::Percent: filter.deadbandType = UA_DEADBANDTYPE_PERCENT; break;
    }
    filter.deadbandValue = deadband.size;
    return filter;
}

constexpr StatusCode kWaiting{UA_STATUSCODE_BADWAITINGFORINITIALDATA};

}  // namespace

MonitoredItems::MonitoredItems(UaClient& client, std::uint32_t subscription, ItemTable& table,
                               NamespaceArray namespaces, std::size_t perCall)
    : client_(client),
      table_(table),
      namespaces_(namespaces),
      subscription_(subscription),
      perCall_(std::clamp<std::size_t>(perCall, 1, kMaxPerCall)),
      states_(table.size(), State{kWaiting}) {
    Batch all(table.size());
    std::iota(all.begin(), all.end(), 0U);
    enqueue(std::move(all));
}

void MonitoredItems::enqueue(Batch items) {
    if (!items.empty()) waiting_.push_back(std::move(items));
}

void MonitoredItems::tick() {
    while (fault_.isGood() && inFlight_ < kMaxInFlight && !waiting_.empty()) {
        Batch batch = std::move(waiting_.front());
        waiting_.pop_front();
        if (batch.size() > perCall_) {
            const auto cut = batch.begin() + static_cast<std::ptrdiff_t>(perCall_);
            waiting_.emplace_front(cut, batch.end());
            batch.erase(cut, batch.end());
        }
        if (!send(batch)) return;
    }
    table_.flush();
}

bool MonitoredItems::send(const Batch& batch) {
    Ua<UA_CreateMonitoredItemsRequest> request;
    request->subscriptionId = subscription_;
    request->timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
    request->itemsToCreate = static_cast<UA_MonitoredItemCreateRequest*>(
        UA_Array_new(batch.size(), &UA_TYPES[UA_TYPES_MONITOREDITEMCREATEREQUEST]));
    if (request->itemsToCreate == nullptr) throw std::bad_alloc();
    request->itemsToCreateSize = batch.size();

    Batch sent;
    sent.reserve(batch.size());
    for (const std::uint32_t index : batch) {
        auto node = resolve(table_[index].node, namespaces_);
        if (!node) {
            settle(index, node.error());
            continue;
        }
        fillRequest(request->itemsToCreate[sent.size()], index, std::move(*node));
        sent.push_back(index);
    }
    if (sent.empty()) return true;

    // The slots of items that could not be resolved are empty and stay at home.
    const std::size_t allocated = std::exchange(request->itemsToCreateSize, sent.size());
    const std::size_t count = sent.size();
    const StatusCode status = client_.call<UA_CreateMonitoredItemsResponse>(
        request, [this, items = std::move(sent)](UA_CreateMonitoredItemsResponse& response) {
            --inFlight_;
            onAnswer(items, response);
        });
    request->itemsToCreateSize = allocated;
    if (status.isGood()) {
        ++inFlight_;
        return true;
    }
    // A request that the server's buffers cannot hold ends the connection; the next one tries with less.
    if (count > 1) perCall_ = std::max<std::size_t>(1, std::min(perCall_, count) / 2);
    fault_ = status;
    return false;
}

void MonitoredItems::fillRequest(UA_MonitoredItemCreateRequest& request, std::uint32_t index,
                                 Ua<UA_NodeId> node) const {
    const Item& item = table_[index];
    std::swap(request.itemToMonitor.nodeId, node.get());
    request.itemToMonitor.attributeId = UA_ATTRIBUTEID_VALUE;
    request.monitoringMode = UA_MONITORINGMODE_REPORTING;
    request.requestedParameters.clientHandle = index;
    request.requestedParameters.samplingInterval = static_cast<double>(item.samplingInterval.count());
    request.requestedParameters.queueSize = item.queueSize;
    request.requestedParameters.discardOldest = item.discardOldest;
    if (needsFilter(item.deadband) && !states_[index].withoutFilter) {
        UA_DataChangeFilter filter = filterOf(item.deadband);
        if (UA_ExtensionObject_setValueCopy(&request.requestedParameters.filter, &filter,
                                            &UA_TYPES[UA_TYPES_DATACHANGEFILTER]) != UA_STATUSCODE_GOOD) {
            throw std::bad_alloc();
        }
    }
}

void MonitoredItems::onAnswer(const Batch& batch, const UA_CreateMonitoredItemsResponse& response) {
    const StatusCode result{response.responseHeader.serviceResult};
    if (result.isBad()) {
        onCallRefused(batch, result);
        return;
    }
    Batch again;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::uint32_t index = batch[i];
        if (i >= response.resultsSize) {
            settle(index,
                   StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE});  // the server answered for fewer items
            continue;
        }
        const StatusCode status{response.results[i].statusCode};
        if (isFilterRefused(status) && needsFilter(table_[index].deadband) && !states_[index].withoutFilter) {
            states_[index].withoutFilter = true;
            again.push_back(index);
            continue;
        }
        settle(index, status.isBad() ? status : StatusCode{});
    }
    enqueue(std::move(again));
}

void MonitoredItems::onCallRefused(const Batch& batch, StatusCode reason) {
    if (isConnectionFault(reason)) {
        fault_ = reason;
        return;
    }
    if (batch.size() == 1) {
        settle(batch.front(), reason);
        return;
    }
    // Too many for the server, or one among them that it cannot bear: the halves will tell.
    if (reason.code() == UA_STATUSCODE_BADTOOMANYOPERATIONS) {
        perCall_ = std::max<std::size_t>(1, std::min(perCall_, batch.size() / 2));
    }
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    enqueue(Batch(batch.begin(), middle));
    enqueue(Batch(middle, batch.end()));
}

void MonitoredItems::settle(std::uint32_t index, StatusCode status) {
    StatusCode& known = states_[index].status;
    const bool hadFailed = known.isBad() && known != kWaiting;
    if (status.isBad() && !hadFailed) ++failed_;
    if (status.isGood() && hadFailed) --failed_;
    if (status.isBad() && status != known) table_.takeFailure(index, status);
    known = status;
}

void MonitoredItems::retryFailed() {
    if (failed_ == 0) return;
    Batch items;
    for (std::uint32_t index = 0; index < states_.size(); ++index) {
        if (states_[index].status.isBad()) items.push_back(index);
    }
    enqueue(std::move(items));
}

std::size_t MonitoredItems::firstFailed() const noexcept {
    const auto first = std::ranges::find_if(states_, [](const State& state) { return state.status.isBad(); });
    return static_cast<std::size_t>(first - states_.begin());
}

}  // namespace tagwire::source::opcua
