/// From the library's event notifications to the model's events and conditions. Whatever the server sends:
/// fields that are missing, too many or of another type than the standard says are taken as not told.
/// Thread: any. Lifetime: functions; value types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/source_event.h"
#include "source/opcua/events/event_fields.h"
#include "source/opcua/services/model_change.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// What one event may cost us. Texts keep their beginning; ids are whole or not there at all.
struct EventLimits {
    static constexpr std::size_t kMaxTextBytes = 4'096;
    static constexpr std::size_t kMaxEventIdBytes = 1'024;
};

enum class EventKind : std::uint8_t {
    Ordinary,
    /// Tells of a condition.
    Condition,
    RefreshStart,
    RefreshEnd,
    /// The server asks for a refresh.
    RefreshRequired,
    /// The server lost events.
    QueueOverflow,
    ModelChange,
};

struct DecodedEvent {
    EventKind kind = EventKind::Ordinary;
    SourceEvent event;
    /// Of kind Condition. Its `event` is empty: the event is in its place above.
    std::optional<SourceCondition> condition;
    /// Of kind ModelChange; empty where anything may have changed.
    std::vector<ModelChange> model;
};

/// `fields`: what the monitored item asked for; `received` stands in for a time that is not known.
[[nodiscard]] DecodedEvent decodeEvent(const UA_EventFieldList& list, std::span<const EventField> fields,
                                       NamespaceArray namespaces, Timestamp received);

}  // namespace tagwire::source::opcua
