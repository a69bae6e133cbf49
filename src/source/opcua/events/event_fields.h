/// The fields of events that are asked for, and the filter that asks (OPC 10000-4, 7.22.3). A field of a type
/// that a server does not know comes back null; a server that refuses fields is asked for fewer.
/// Thread: the source's. Lifetime: value types.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

enum class EventField : std::uint8_t {
    /// First: servers that tell of an overflow by its type alone put it there.
    EventType,
    EventId,
    SourceNode,
    SourceName,
    Time,
    ReceiveTime,
    Message,
    Severity,
    ConditionId,
    ConditionName,
    ConditionClassName,
    BranchId,
    Retain,
    Enabled,
    Quality,
    LastSeverity,
    Comment,
    ClientUserId,
    Acked,
    Confirmed,
    Active,
    Suppressed,
    OutOfService,
    ShelvingState,
    LimitState,
    ModelChanges,
};

/// Which fields one monitored item asks for, in the order they come back.
class EventSelection {
public:
    /// Everything that is understood.
    [[nodiscard]] static EventSelection full();
    /// What every event has (BaseEventType).
    [[nodiscard]] static EventSelection base();

    [[nodiscard]] std::span<const EventField> fields() const noexcept { return fields_; }

    /// What is worth asking for next, after the server has refused this with these results of its select
    /// clauses (none if it gave none): without the refused ones, else the base fields. Empty when nothing
    /// smaller is left.
    [[nodiscard]] EventSelection smaller(std::span<const UA_StatusCode> refused) const;

    /// The filter, without a where clause: conditions whose severity falls would never be seen to end.
    [[nodiscard]] Ua<UA_EventFilter> filter() const;

private:
    std::vector<EventField> fields_;
};

}  // namespace tagwire::source::opcua
