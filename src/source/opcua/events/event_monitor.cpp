#include "source/opcua/events/event_monitor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "source/opcua/services/batched_call.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::chrono::seconds kLossLogPause{10};

std::vector<NodeAddress> notifiersOf(const EventOptions& options) {
    std::vector<NodeAddress> nodes;
    for (const std::string& text : options.notifiers) {
        if (auto node = NodeAddress::parse(text)) nodes.push_back(std::move(*node));
    }
    if (nodes.empty()) nodes.push_back({std::uint16_t{0}, std::uint32_t{UA_NS0ID_SERVER}});
    return nodes;
}

/// The results of the select clauses that came with a refused filter; empty where none did.
std::span<const UA_StatusCode> clauseResults(const UA_MonitoredItemCreateResult& result) noexcept {
    const UA_ExtensionObject& object = result.filterResult;
    if (object.encoding < UA_EXTENSIONOBJECT_DECODED ||
        object.content.decoded.type != &UA_TYPES[UA_TYPES_EVENTFILTERRESULT])
        return {};
    const auto& filter = *static_cast<const UA_EventFilterResult*>(object.content.decoded.data);
    return {filter.selectClauseResults, filter.selectClauseResultsSize};
}

std::string_view whyNoRefresh(StatusCode status) noexcept {
    const auto code = status.withoutInfoBits().code();
    return code == UA_STATUSCODE_BADUSERACCESSDENIED || code == UA_STATUSCODE_BADNOTEXECUTABLE
               ? "the server does not let this user call ConditionRefresh"
               : "the server does not support ConditionRefresh";
}

}  // namespace

EventMonitor::EventMonitor(UaClient& client, EventBook& book, NamespaceArray namespaces,
                           EventMonitorSettings settings)
    : client_(client), book_(book), namespaces_(namespaces), settings_(std::move(settings)) {
    for (NodeAddress& node : notifiersOf(settings_.options)) {
        Notifier& notifier = notifiers_.emplace_back();
        notifier.node = std::move(node);
        notifier.selection = EventSelection::full();
    }
}

EventMonitor::~EventMonitor() { book_.endConnection(); }

void EventMonitor::begin(std::uint32_t subscription) {
    subscription_ = subscription;
    book_.beginConnection();
    cycle_.want();
    tick(SteadyClock::now());
}

void EventMonitor::resume(std::uint32_t subscription, const Record& record) {
    subscription_ = subscription;
    book_.resumeConnection();
    for (std::size_t i = 0; i < notifiers_.size() && i < record.created.size(); ++i) {
        if (!record.created[i]) continue;
        notifiers_[i].selection = *record.created[i];
        notifiers_[i].state = Notifier::State::Created;
    }
    cycle_.want();
}

EventMonitor::Record EventMonitor::record() const {
    Record record;
    record.created.resize(notifiers_.size());
    for (std::size_t i = 0; i < notifiers_.size(); ++i) {
        if (notifiers_[i].state == Notifier::State::Created) record.created[i] = notifiers_[i].selection;
    }
    return record;
}

bool EventMonitor::settled() const noexcept {
    return std::ranges::none_of(
        notifiers_, [](const Notifier& notifier) { return notifier.state == Notifier::State::Asked; });
}

void EventMonitor::lose() {
    subscription_ = 0;
    ++round_;
    cycle_ = {};
    for (Notifier& notifier : notifiers_) notifier.state = Notifier::State::Waiting;
    book_.endConnection();
}

void EventMonitor::tick(SteadyTime now) {
    if (subscription_ == 0) return;
    bool asked = false;
    for (std::size_t i = 0; i < notifiers_.size(); ++i) {
        Notifier& notifier = notifiers_[i];
        if (notifier.state == Notifier::State::Failed && now >= notifier.nextTry) {
            notifier.selection = EventSelection::full();
            notifier.state = Notifier::State::Waiting;
        }
        if (notifier.state == Notifier::State::Waiting) create(i, now);
        asked = asked || notifier.state == Notifier::State::Asked;
    }
    follow(cycle_.tick(now));
    // One refresh for all items, not one as each of them comes.
    if (!asked && cycle_.due(now, created())) refresh(now);
    book_.flush();
}

void EventMonitor::create(std::size_t index, SteadyTime now) {
    Notifier& notifier = notifiers_[index];
    auto node = resolve(notifier.node, namespaces_);
    if (!node) {
        fail(index, node.error(), now);
        return;
    }
    Ua<UA_EventFilter> filter = notifier.selection.filter();
    UaArray<UA_MonitoredItemCreateRequest> items(1);
    items[0].itemToMonitor.attributeId = UA_ATTRIBUTEID_EVENTNOTIFIER;
    std::swap(items[0].itemToMonitor.nodeId, node->get());
    items[0].monitoringMode = UA_MONITORINGMODE_REPORTING;
    items[0].requestedParameters.clientHandle = static_cast<UA_UInt32>(index);
    items[0].requestedParameters.queueSize = settings_.options.queueSize;
    items[0].requestedParameters.discardOldest = true;
    // Lent: the filter outlives the request, which only encodes it.
    UA_ExtensionObject_setValueNoDelete(&items[0].requestedParameters.filter, &filter.get(),
                                        &dataTypeOf<UA_EventFilter>());
    Ua<UA_CreateMonitoredItemsRequest> request;
    request->subscriptionId = subscription_;
    request->timestampsToReturn = UA_TIMESTAMPSTORETURN_NEITHER;
    request->itemsToCreateSize = items.size();
    request->itemsToCreate = items.release();
    const StatusCode sent = client_.call<UA_CreateMonitoredItemsResponse>(
        request, [this, index, round = round_](UA_CreateMonitoredItemsResponse& response) {
            if (round == round_) onCreated(index, response);
        });
    if (sent.isBad()) {
        fail(index, sent, now);
    } else {
        notifier.state = Notifier::State::Asked;
    }
}

void EventMonitor::onCreated(std::size_t index, const UA_CreateMonitoredItemsResponse& response) {
    const StatusCode service{response.responseHeader.serviceResult};
    if (service.isBad()) {
        refuse(index, service, {});
    } else if (response.resultsSize != 1) {
        refuse(index, StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE}, {});
    } else if (const StatusCode result{response.results[0].statusCode}; result.isBad()) {
        refuse(index, result, clauseResults(response.results[0]));
    } else {
        notifiers_[index].state = Notifier::State::Created;
        noteQueueSize(response.results[0].revisedQueueSize);
        cycle_.want();
    }
}

void EventMonitor::noteQueueSize(std::uint32_t revised) {
    if (revised == 0 || revised >= settings_.options.queueSize || revised == queueSize_) return;
    queueSize_ = revised;
    log::info("opcua", "{}: the server keeps {} events between two publishings instead of {}", settings_.name,
              revised, settings_.options.queueSize);
}

void EventMonitor::refuse(std::size_t index, StatusCode status, std::span<const UA_StatusCode> clauses) {
    Notifier& notifier = notifiers_[index];
    EventSelection smaller = notifier.selection.smaller(clauses);
    if (smaller.fields().empty()) {
        fail(index, status, SteadyClock::now());
        return;
    }
    log::debug("opcua", "{}: {} takes no event filter with {} fields ({}); trying {}", settings_.name,
               notifier.node.text(), notifier.selection.fields().size(), statusText(status),
               smaller.fields().size());
    notifier.selection = std::move(smaller);
    notifier.state = Notifier::State::Waiting;
}

void EventMonitor::fail(std::size_t index, StatusCode status, SteadyTime now) {
    Notifier& notifier = notifiers_[index];
    notifier.state = Notifier::State::Failed;
    if (status != std::exchange(notifier.status, status))
        log::warning("opcua", "{}: {}", settings_.name, notice());
    notifier.nextTry = now + settings_.retry;
}

std::size_t EventMonitor::created() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count(notifiers_, Notifier::State::Created, &Notifier::state));
}

std::string EventMonitor::notice() const {
    const auto refused = std::ranges::find(notifiers_, Notifier::State::Failed, &Notifier::state);
    if (refused == notifiers_.end()) return {};
    return fmt::format("no events from {}: {}. Does the server have events, and may this user see them?",
                       refused->node.text(), statusText(refused->status));
}

void EventMonitor::onEvents(std::span<const UA_EventFieldList> events) {
    const Timestamp received = wallClockNow();
    const SteadyTime now = SteadyClock::now();
    for (const UA_EventFieldList& list : events) {
        if (list.clientHandle < notifiers_.size()) onEvent(list, received, now);
    }
}

void EventMonitor::onEvent(const UA_EventFieldList& list, Timestamp received, SteadyTime now) {
    const std::uint32_t item = list.clientHandle;
    DecodedEvent decoded = decodeEvent(list, notifiers_[item].selection.fields(), namespaces_, received);
    switch (decoded.kind) {
        case EventKind::RefreshStart: follow(cycle_.started(item)); return;
        case EventKind::RefreshEnd: follow(cycle_.ended(item, now)); return;
        case EventKind::RefreshRequired: cycle_.want(); return;
        case EventKind::QueueOverflow:
            markLoss("its queue of events overflowed: a larger queue_size in [opcua.events] helps");
            return;
        case EventKind::ModelChange:
            if (settings_.modelChanges != nullptr) settings_.modelChanges->onModelChanges(decoded.model);
            break;
        case EventKind::Ordinary:
        case EventKind::Condition: break;
    }
    if (settings_.options.enabled) book_.take(std::move(decoded), cycle_.covers(item));
}

void EventMonitor::onGap() { markLoss("messages are missing"); }

void EventMonitor::markLoss(const std::string& what) {
    book_.markLoss();
    // Which conditions the lost events were about is not known.
    cycle_.want();
    ++lossesSinceLog_;
    const SteadyTime now = SteadyClock::now();
    if (now < nextLossLog_) return;
    log::warning("opcua", "{}: events of the server were lost ({} times): {}", settings_.name,
                 lossesSinceLog_, what);
    lossesSinceLog_ = 0;
    nextLossLog_ = now + kLossLogPause;
}

void EventMonitor::refresh(SteadyTime now) {
    cycle_.called(now, created());
    UaArray<UA_CallMethodRequest> calls(1);
    calls[0].objectId.identifier.numeric = UA_NS0ID_CONDITIONTYPE;
    calls[0].methodId.identifier.numeric = UA_NS0ID_CONDITIONTYPE_CONDITIONREFRESH;
    UaArray<UA_Variant> arguments(1);
    // A copy, which the request owns.
    static_cast<void>(UA_Variant_setScalarCopy(&arguments[0], &subscription_, &UA_TYPES[UA_TYPES_UINT32]));
    calls[0].inputArgumentsSize = arguments.size();
    calls[0].inputArguments = arguments.release();
    callInBatches(client_, kCall, 1, std::move(calls), {},
                  {[this, round = round_](std::vector<Outcome<UA_CallMethodResult>>& outcomes) {
                      if (round != round_) return;
                      const auto& [service, result] = outcomes.front();
                      const StatusCode status = service.isBad() ? service : StatusCode{result.statusCode};
                      follow(cycle_.answered(status, SteadyClock::now()), status);
                  }});
}

void EventMonitor::follow(RefreshCycle::Outcome outcome, StatusCode status) {
    switch (outcome) {
        case RefreshCycle::Outcome::Nothing: break;
        case RefreshCycle::Outcome::Began: book_.refreshBegan(); break;
        case RefreshCycle::Outcome::Complete: book_.refreshEnded(); break;
        case RefreshCycle::Outcome::Failed:
            log::warning("opcua", "{}: the server did not tell its present conditions ({}); asking again",
                         settings_.name, status.isBad() ? statusText(status) : "no end within the time");
            break;
        case RefreshCycle::Outcome::Unsupported:
            log::info("opcua", "{}: {} ({}): of its conditions only those that change from now on are known",
                      settings_.name, whyNoRefresh(status), statusText(status));
            book_.refreshEnded();
            break;
    }
}

}  // namespace tagwire::source::opcua
