#include "source/opcua/events/condition_table.h"

#include <utility>

namespace tagwire::source::opcua {
namespace {

/// Everything but the id of the event, and what goes with an event that is told anew.
bool sameState(const SourceCondition& a, SourceCondition b) {
    b.event.id = a.event.id;
    b.event.receiveTime = a.event.receiveTime;
    b.event.refreshed = a.event.refreshed;
    return a == b;
}

}  // namespace

ConditionTable::Taken ConditionTable::take(SharedCondition condition) {
    const auto found = entries_.find(condition->key);
    if (!condition->retain) {
        if (found == entries_.end()) return Taken::NotRetained;
        entries_.erase(found);
        return Taken::Gone;
    }
    if (found == entries_.end()) {
        if (entries_.size() >= capacity_) return Taken::Refused;
        ConditionKey key = condition->key;
        entries_.emplace(std::move(key), Entry{std::move(condition), round_});
        return Taken::Changed;
    }
    Entry& entry = found->second;
    entry.round = round_;
    const bool same = sameState(*entry.condition, *condition);
    const bool sameEvent = entry.condition->event.id == condition->event.id;
    if (same && sameEvent) return Taken::Known;
    entry.condition = std::move(condition);
    return same ? Taken::Renamed : Taken::Changed;
}

std::vector<ConditionKey> ConditionTable::endRefresh() {
    std::vector<ConditionKey> gone;
    for (auto it = entries_.begin(); it != entries_.end();) {
        if (it->second.round == round_) {
            ++it;
            continue;
        }
        gone.push_back(it->first);
        it = entries_.erase(it);
    }
    return gone;
}

SharedCondition ConditionTable::find(const ConditionKey& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : found->second.condition;
}

std::vector<SharedCondition> ConditionTable::all() const {
    std::vector<SharedCondition> conditions;
    conditions.reserve(entries_.size());
    for (const auto& [key, entry] : entries_) conditions.push_back(entry.condition);
    return conditions;
}

}  // namespace tagwire::source::opcua
