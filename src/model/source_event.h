/// Events and conditions of a source, in the words of OPC 10000-5 (events) and OPC 10000-9 (conditions).
/// Thread: any. Lifetime: value types; shared ones are immutable.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "model/value.h"

namespace tagwire {

/// Something that happened at a source.
struct SourceEvent {
    /// Opaque bytes that name this event at its source; empty when the source gave none.
    std::string id;
    /// Node id of the event's type.
    std::string type;
    /// Name of a type of the standard, such as `ExclusiveLevelAlarmType`; empty for others.
    std::string typeName;
    std::string sourceNode;
    std::string sourceName;
    /// When it happened; the time of arrival when the source does not say.
    Timestamp time;
    /// When the server learned of it.
    Timestamp receiveTime;
    /// 1 (lowest) to 1000; 0 when the source gave none.
    std::uint16_t severity = 0;
    LocalizedText message;
    /// Node id of the condition it tells of, and of the branch; empty for none.
    std::string condition;
    std::string branch;
    /// It was not told when it happened, but with the present conditions after a (re)connect.
    bool refreshed = false;

    friend bool operator==(const SourceEvent&, const SourceEvent&) = default;
};

/// A condition, or an earlier state of it that still waits to be acknowledged (a branch).
struct ConditionKey {
    std::string condition;
    /// Empty for the present state.
    std::string branch;

    friend auto operator<=>(const ConditionKey&, const ConditionKey&) = default;
};

enum class Shelving : std::uint8_t { Unshelved, Timed, OneShot };

/// The state of a condition as of its latest event. What the source does not tell is unset.
struct SourceCondition {
    ConditionKey key;
    std::string name;
    std::string className;
    /// Its latest event; the event's id is what an acknowledgement has to name.
    SourceEvent event;
    /// Whether it is of interest: false lets it go.
    bool retain = true;
    bool enabled = true;
    std::optional<bool> active;
    std::optional<bool> acked;
    std::optional<bool> confirmed;
    std::optional<bool> suppressed;
    std::optional<bool> outOfService;
    std::optional<Shelving> shelving;
    /// State of an active limit alarm with exclusive limits, such as `HighHigh`.
    std::string limitState;
    std::uint16_t lastSeverity = 0;
    LocalizedText comment;
    /// Who made the comment.
    std::string clientUser;
    /// Of the values that the condition rests on.
    StatusCode quality;

    friend bool operator==(const SourceCondition&, const SourceCondition&) = default;
};

/// What may be done with a condition at its source.
struct ConditionActions {
    bool acknowledge = false;
    bool confirm = false;
    bool comment = false;
};

/// By the rules of OPC 10000-9, 5.7: an event is acknowledged before it is confirmed, and nothing happens to
/// a condition that is disabled or whose event has no id.
[[nodiscard]] constexpr ConditionActions allowedActions(const SourceCondition& condition) noexcept {
    if (!condition.enabled || condition.event.id.empty()) return {};
    const bool acked = condition.acked.value_or(true);
    return {.acknowledge = !acked, .confirm = acked && !condition.confirmed.value_or(true), .comment = true};
}

using SharedSourceEvent = std::shared_ptr<const SourceEvent>;
using SharedCondition = std::shared_ptr<const SourceCondition>;

/// What a condition came to.
struct ConditionChange {
    ConditionKey key;
    /// Null: it is no longer of interest.
    SharedCondition now;
};

/// What a source learned at once, in the order it was learned.
struct EventBatch {
    std::vector<SharedSourceEvent> events;
    std::vector<ConditionChange> conditions;
    /// How often the server's queue overflowed, messages were lost, or the connection was interrupted: each
    /// time an unknown number of events is missing.
    std::uint32_t overflows = 0;
    /// Conditions that found no place.
    std::uint32_t refused = 0;
    /// Whether the conditions are those of now: true after a refresh, false when the link is lost; unset when
    /// nothing changed.
    std::optional<bool> current;

    [[nodiscard]] bool empty() const noexcept {
        return events.empty() && conditions.empty() && overflows == 0 && refused == 0 && !current;
    }
};

}  // namespace tagwire
