/// The recent events and the present conditions of one source, kept for whoever wants to see them.
/// Thread: SourceEvents belongs to the source's, its snapshot() is for any. Lifetime: outlives the source; a
/// snapshot lives as long as it is held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "base/latest.h"
#include "model/source_event.h"

namespace tagwire {

struct NumberedEvent {
    /// Counts the events of the source from 1, without a gap: who asks for those after a number sees by the
    /// first one whether some are gone.
    std::uint64_t number = 0;
    SharedSourceEvent event;
};

using ConditionMap = std::map<ConditionKey, SharedCondition>;

struct SourceEventsSnapshot {
    /// The latest, oldest first.
    std::deque<NumberedEvent> events;
    /// Of the latest event; 0 before the first.
    std::uint64_t last = 0;
    /// Never null.
    std::shared_ptr<const ConditionMap> conditions = std::make_shared<const ConditionMap>();
    /// The conditions are those of now; otherwise of when the source was last reached.
    bool current = false;
    std::uint64_t overflows = 0;
    std::uint64_t refused = 0;
    std::size_t active = 0;
    std::size_t unacked = 0;
};

class SourceEvents {
public:
    /// More are not kept: the oldest go, as `last` and the events' numbers show.
    static constexpr std::size_t kRecent = 1'000;

    SourceEvents() { published_.set(std::make_shared<const SourceEventsSnapshot>()); }
    SourceEvents(const SourceEvents&) = delete;
    SourceEvents& operator=(const SourceEvents&) = delete;
    ~SourceEvents() = default;

    void take(EventBatch batch);
    /// Never null.
    [[nodiscard]] std::shared_ptr<const SourceEventsSnapshot> snapshot() const { return published_.get(); }

private:
    void takeConditions(std::vector<ConditionChange> changes);

    SourceEventsSnapshot now_;
    Latest<SourceEventsSnapshot> published_;
};

}  // namespace tagwire
