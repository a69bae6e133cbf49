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
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// What one event may cost us. Texts keep their beginning; ids are whole or not there at all.
struct EventLimits {
    static constexpr std::size_t kMaxTextBytes = 4'096;
    static constexpr std::size_t kMaxEventIdBytes = 1'024;
    static constexpr std::size_t kMaxModelChanges = 1'000;
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

/// A change of the server's address space (OPC 10000-3, 9.32.7).
struct ModelChange {
    NodeAddress node;
    /// Type definition of the node; null node id where it has none.
    NodeAddress type;
    /// OPC 10000-5, 12.16: any of these together.
    bool nodeAdded = false, nodeDeleted = false, referenceAdded = false, referenceDeleted = false,
         dataTypeChanged = false;
};

struct ModelChanges {
    std::vector<ModelChange> changes;
    /// There were more, or the server does not say what has changed: anything may have.
    bool incomplete = false;
};

/// Wants to know when the address space changes. Thread: the source's.
class ModelChangeListener {
public:
    ModelChangeListener() = default;
    ModelChangeListener(const ModelChangeListener&) = delete;
    ModelChangeListener& operator=(const ModelChangeListener&) = delete;

    virtual void onModelChanges(const ModelChanges& changes) = 0;

protected:
    ~ModelChangeListener() = default;
};

struct DecodedEvent {
    EventKind kind = EventKind::Ordinary;
    SourceEvent event;
    /// Of kind Condition. Its `event` is empty: the event is in its place above.
    std::optional<SourceCondition> condition;
    /// Of kind ModelChange.
    ModelChanges model;
};

/// `fields`: what the monitored item asked for; `received` stands in for a time that is not known.
[[nodiscard]] DecodedEvent decodeEvent(const UA_EventFieldList& list, std::span<const EventField> fields,
                                       NamespaceArray namespaces, Timestamp received);

}  // namespace tagwire::source::opcua
