#include "model/source_events.h"

#include <utility>

namespace tagwire {

void SourceEvents::take(EventBatch batch) {
    // Of a large batch only the end would stay.
    const std::size_t skipped = batch.events.size() > kRecent ? batch.events.size() - kRecent : 0;
    now_.last += skipped;
    for (std::size_t i = skipped; i < batch.events.size(); ++i) {
        now_.events.push_back({++now_.last, std::move(batch.events[i])});
    }
    while (now_.events.size() > kRecent) now_.events.pop_front();
    if (!batch.conditions.empty()) takeConditions(std::move(batch.conditions));
    now_.overflows += batch.overflows;
    now_.refused += batch.refused;
    if (batch.current) now_.current = *batch.current;
    published_.set(std::make_shared<const SourceEventsSnapshot>(now_));
}

void SourceEvents::takeConditions(std::vector<ConditionChange> changes) {
    auto conditions = std::make_shared<ConditionMap>(*now_.conditions);
    for (auto& [key, now] : changes) {
        if (now == nullptr) {
            conditions->erase(key);
        } else {
            conditions->insert_or_assign(std::move(key), std::move(now));
        }
    }
    now_.active = 0;
    now_.unacked = 0;
    for (const auto& [key, condition] : *conditions) {
        if (condition->active.value_or(false)) ++now_.active;
        if (!condition->acked.value_or(true)) ++now_.unacked;
    }
    now_.conditions = std::move(conditions);
}

}  // namespace tagwire
