#include "source/opcua/subscription/monitored_items.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "source/opcua/services/batched_call.h"

namespace tagwire::source::opcua {
namespace {

/// Calls at the server at a time: enough to keep it busy, few enough not to fill its socket.
constexpr std::size_t kMaxInFlight = 4;

bool isUnsettled(ItemRecord::Phase phase) noexcept {
    return phase == ItemRecord::Phase::Waiting || phase == ItemRecord::Phase::Asked;
}

}  // namespace

MonitoredItems::MonitoredItems(UaClient& client, SubscriptionSet& subscriptions, ItemTable& table,
                               ValueDecoder& decoder, std::size_t perCall, NodeResolver* resolver,
                               std::vector<ItemRecord> before, SourceCounters& counters)
    : client_(client),
      subscriptions_(subscriptions),
      table_(table),
      decoder_(decoder),
      perCall_(std::clamp<std::size_t>(perCall, 1, kMaxPerCall)),
      resolver_(resolver),
      counters_(counters),
      records_(std::move(before)) {
    static_cast<void>(table_.takeChanges());
    records_.resize(std::max(records_.size(), table_.size()));
    for (ItemRecord& record : records_) {
        if (record.phase != Phase::Created)
            record = ItemRecord{.withoutFilter = record.withoutFilter, .status = {}};
    }
    for (std::uint32_t index = 0; index < records_.size(); ++index) reconcile(index);
    Indexes all;
    for (std::uint32_t index = 0; index < records_.size(); ++index) {
        if (records_[index].phase == Phase::Waiting) all.push_back(index);
    }
    enqueue(std::move(all));
}

void MonitoredItems::tick(SteadyTime now) {
    applyChanges();
    resolvePlaces();
    readJoined();
    for (auto& [interval, batches] : waiting_) {
        while (fault_.isGood() && inFlight_ < kMaxInFlight && !batches.empty()) {
            if (!sendNext(interval, batches, now)) break;
        }
    }
    deleteItems();
    table_.flush();
}

void MonitoredItems::applyChanges() {
    Indexes added;
    for (const std::uint32_t index : table_.takeChanges()) {
        if (records_.size() < table_.size()) records_.resize(table_.size());
        reconcile(index);
        if (records_[index].phase == Phase::Waiting) added.push_back(index);
    }
    enqueue(std::move(added));
}

void MonitoredItems::reconcile(std::uint32_t index) {
    ItemRecord& record = records_[index];
    // What was asked for is looked at when it is answered; what waits, when its turn comes.
    if (isUnsettled(record.phase)) return;
    const bool wanted = index < table_.size() && table_.wanted(index);
    if (wanted && record.handle == table_.handle(index) && record.phase != Phase::None) return;
    if (record.phase == Phase::Created) toDelete_[record.slot].push_back(record.monitoredItemId);
    found_.erase(index);
    record.withoutFilter = false;
    become(index, wanted ? Phase::Waiting : Phase::None);
}

void MonitoredItems::enqueue(Indexes items) {
    if (items.empty()) return;
    // Most sources have one interval.
    const auto interval = table_[items.front()].settings.publishingInterval;
    const auto other = std::ranges::find_if(items, [&](std::uint32_t index) {
        const auto& item = table_[index];
        return item.settings.publishingInterval != interval ||
               (std::holds_alternative<BrowseAddress>(item.address) && !found_.contains(index));
    });
    if (other == items.end()) {
        waiting_[interval].push_back(std::move(items));
        return;
    }
    std::map<std::chrono::milliseconds, Indexes> sorted;
    for (const std::uint32_t index : items) {
        const auto& item = table_[index];
        if (std::holds_alternative<BrowseAddress>(item.address) && !found_.contains(index)) {
            unresolved_.push_back(index);
        } else {
            sorted[item.settings.publishingInterval].push_back(index);
        }
    }
    for (auto& [each, batch] : sorted) waiting_[each].push_back(std::move(batch));
}

void MonitoredItems::resolvePlaces() {
    if (unresolved_.empty()) return;
    Batch batch;
    std::vector<std::string> places;
    for (const std::uint32_t index : std::exchange(unresolved_, {})) {
        const auto* place = std::get_if<BrowseAddress>(&table_[index].address);
        if (!table_.wanted(index) || place == nullptr || resolver_ == nullptr) {
            records_[index].handle = table_.handle(index);
            become(index, Phase::Failed, StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
            reconcile(index);
            if (records_[index].phase == Phase::Waiting) enqueue({index});
            continue;
        }
        become(index, Phase::Asked);
        batch.push_back({index, table_.handle(index)});
        places.push_back(place->text);
    }
    if (batch.empty()) return;
    resolver_->resolve(client_, decoder_.namespaces(), std::move(places),
                       [this, batch = std::move(batch)](NodeResolver::Nodes& nodes) {
                           Indexes found;
                           for (std::size_t i = 0; i < batch.size(); ++i) {
                               const auto [index, handle] = batch[i];
                               StatusCode why{UA_STATUSCODE_BADNODEIDUNKNOWN};
                               if (!table_.wanted(index) || table_.handle(index) != handle) {
                                   become(index, Phase::None);
                                   reconcile(index);
                               } else if (i < nodes.size() && nodes[i]) {
                                   found_.insert_or_assign(index, std::move(*nodes[i]));
                                   become(index, Phase::Waiting);
                               } else {
                                   if (i < nodes.size()) why = nodes[i].error();
                                   records_[index].handle = handle;
                                   become(index, Phase::Failed, why);
                               }
                               if (records_[index].phase == Phase::Waiting) found.push_back(index);
                           }
                           enqueue(std::move(found));
                       });
}

void MonitoredItems::deleteItems() {
    for (auto entry = toDelete_.begin(); entry != toDelete_.end();) {
        auto& [slot, ids] = *entry;
        if (subscriptions_.gone(slot)) ids.clear();
        while (!ids.empty() && inFlight_ < kMaxInFlight) {
            const std::size_t count = std::min(ids.size(), perCall_);
            Ua<UA_DeleteMonitoredItemsRequest> request;
            request->subscriptionId = subscriptions_.id(slot);
            request->monitoredItemIds = ids.data() + (ids.size() - count);
            request->monitoredItemIdsSize = count;
            const StatusCode sent = client_.call<UA_DeleteMonitoredItemsResponse>(
                request, [this, asked = slot](UA_DeleteMonitoredItemsResponse& response) {
                    --inFlight_;
                    subscriptions_.endCall(asked);
                    const StatusCode status{response.responseHeader.serviceResult};
                    if (status.isBad()) log::debug("opcua", "deleting items: {}", statusText(status));
                });
            // Only lent to the request.
            request->monitoredItemIds = nullptr;
            request->monitoredItemIdsSize = 0;
            if (sent.isBad()) return;  // the connection is closing, which the client reports
            ++inFlight_;
            subscriptions_.beginCall(slot);
            ids.resize(ids.size() - count);
            subscriptions_.give(slot, count);
        }
        entry = ids.empty() ? toDelete_.erase(entry) : std::next(entry);
    }
}

/// The next value of the item may be long in coming: those who joined it get the present one.
void MonitoredItems::readJoined() {
    std::vector<TagId> tags;
    for (const TagId tag : table_.takeJoined()) {
        const auto index = table_.indexOf(tag);
        if (index && records_[*index].phase == Phase::Created) tags.push_back(tag);
    }
    if (!tags.empty()) read(std::move(tags));
}

void MonitoredItems::readAll(SubscriptionSlot slot) {
    std::vector<TagId> tags;
    for (std::uint32_t index = 0; index < records_.size() && index < table_.size(); ++index) {
        if (records_[index].phase != Phase::Created || records_[index].slot != slot) continue;
        for (const auto& tag : table_[index].tags) tags.push_back(tag.id);
    }
    if (!tags.empty()) read(std::move(tags));
}

void MonitoredItems::read(std::vector<TagId> tags) {
    UaArray<UA_ReadValueId> reads(tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) {
        reads[i].attributeId = UA_ATTRIBUTEID_VALUE;
        if (auto node = nodeOf(*table_.indexOf(tags[i]))) std::swap(reads[i].nodeId, node->get());
    }
    callInBatches<UA_ReadRequest, UA_ReadResponse, UA_ReadValueId, UA_DataValue>(
        client_, kRead, perCall_, std::move(reads),
        [](UA_ReadRequest& request) { request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH; },
        [this, tags](std::vector<Outcome<UA_DataValue>>& values) {
            for (std::size_t i = 0; i < tags.size(); ++i) {
                if (values[i].service.isGood()) table_.takeRead(tags[i], values[i].result, decoder_);
            }
            table_.flush();
        });
}

void MonitoredItems::become(std::uint32_t index, Phase phase, StatusCode status) {
    ItemRecord& record = records_[index];
    if (isUnsettled(record.phase)) --unsettled_;
    if (isUnsettled(phase)) ++unsettled_;
    const bool failedBefore = record.phase == Phase::Failed;
    // While it is tried again it counts as what it was.
    if (phase == Phase::Failed) {
        if (record.status != status) table_.takeFailure(index, status);
        if (record.status.isGood()) ++failed_;
        record.status = status;
        ++version_;
    } else if (record.status.isBad() && (phase == Phase::Created || phase == Phase::None)) {
        --failed_;
        record.status = {};
        ++version_;
    } else if (failedBefore) {
        ++version_;
    }
    record.phase = phase;
}

void MonitoredItems::retryFailed() {
    if (failed_ == 0) return;
    Indexes items;
    for (std::uint32_t index = 0; index < records_.size(); ++index) {
        if (records_[index].phase != Phase::Failed) continue;
        become(index, Phase::Waiting);
        items.push_back(index);
    }
    enqueue(std::move(items));
}

void MonitoredItems::subscriptionGone(SubscriptionSlot slot, StatusCode reason) {
    Indexes again;
    toDelete_.erase(slot);
    for (std::uint32_t index = 0; index < records_.size(); ++index) {
        if (records_[index].phase != Phase::Created || records_[index].slot != slot) continue;
        table_.interrupt(index);
        table_.takeFailure(index, reason);
        become(index, Phase::Waiting);
        again.push_back(index);
    }
    enqueue(std::move(again));
}

std::vector<SubscriptionSlot> MonitoredItems::unfinished() const {
    std::vector<SubscriptionSlot> slots;
    slots.reserve(toDelete_.size());
    for (const auto& [slot, ids] : toDelete_) slots.push_back(slot);
    return slots;
}

void MonitoredItems::markGap(SubscriptionSlot slot) {
    for (std::uint32_t index = 0; index < records_.size(); ++index) {
        if (records_[index].phase == Phase::Created && records_[index].slot == slot) table_.markGap(index);
    }
}

}  // namespace tagwire::source::opcua
