#include "source/opcua/events/event_book.h"

#include <utility>

namespace tagwire::source::opcua {

EventBook::EventBook(const EventOptions& options, UpdateSink& sink)
    : options_(options), sink_(sink), table_(options.maxConditions) {}

void EventBook::beginConnection() noexcept {
    table_.beginRefresh();
    if (std::exchange(connectedBefore_, true)) markLoss();
}

void EventBook::endConnection() {
    batch_.current = false;
    flush();
}

void EventBook::take(DecodedEvent decoded, bool refreshed) {
    // A refresh tells each notifier, and the table knows what it knew.
    if (!refreshed && seenBefore(decoded.event.id)) return;
    decoded.event.refreshed = refreshed;
    if (decoded.condition) {
        takeCondition(std::move(*decoded.condition), std::move(decoded.event));
    } else if (decoded.event.severity >= options_.minSeverity || decoded.event.severity == 0) {
        post(std::move(decoded.event));
    }
}

void EventBook::takeCondition(SourceCondition condition, SourceEvent event) {
    const ConditionKey key = condition.key;
    if (event.severity < options_.minSeverity && event.severity != 0 && !table_.contains(key)) return;
    condition.event = event;
    auto now = std::make_shared<const SourceCondition>(std::move(condition));
    const bool refreshed = event.refreshed;
    switch (table_.take(now)) {
        case ConditionTable::Taken::Known: return;
        case ConditionTable::Taken::Renamed:
            batch_.conditions.push_back({key, std::move(now)});
            if (refreshed) return;
            break;
        case ConditionTable::Taken::Changed: batch_.conditions.push_back({key, std::move(now)}); break;
        case ConditionTable::Taken::Gone: batch_.conditions.push_back({key, nullptr}); break;
        case ConditionTable::Taken::NotRetained: break;
        case ConditionTable::Taken::Refused: ++batch_.refused; break;
    }
    post(std::move(event));
}

void EventBook::post(SourceEvent event) {
    batch_.events.push_back(std::make_shared<const SourceEvent>(std::move(event)));
}

bool EventBook::seenBefore(const std::string& id) {
    if (options_.notifiers.size() < 2 || id.empty()) return false;
    if (!recentIdSet_.insert(id).second) return true;
    recentIds_.push_back(id);
    if (recentIds_.size() > kRecentIds) {
        recentIdSet_.erase(recentIds_.front());
        recentIds_.pop_front();
    }
    return false;
}

void EventBook::refreshEnded() {
    for (auto& key : table_.endRefresh()) batch_.conditions.push_back({std::move(key), nullptr});
    batch_.current = true;
}

void EventBook::flush() {
    if (batch_.empty()) return;
    sink_.postEvents(std::exchange(batch_, {}));
}

}  // namespace tagwire::source::opcua
