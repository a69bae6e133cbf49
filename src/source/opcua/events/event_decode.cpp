#include "source/opcua/events/event_decode.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <utf8.h>

#include "source/opcua/events/event_type_names.h"

namespace tagwire::source::opcua {
namespace {

/// 9999-12-31T23:59:59Z: later times, and those up to 1601, mean that the time is not known.
constexpr UA_DateTime kEndOfTime = 2'650'467'743'990'000'000;

std::string textOf(const UA_String& text) {
    std::string_view all = view(text);
    if (all.size() > EventLimits::kMaxTextBytes) {
        const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
        std::size_t end = EventLimits::kMaxTextBytes;
        // Not within a character: at most three bytes follow its first one.
        for (int i = 0; i < 3 && isContinuation(all[end]); ++i) --end;
        all = all.substr(0, end);
    }
    if (utf8::is_valid(all.begin(), all.end())) return std::string(all);
    std::string mended;
    utf8::replace_invalid(all.begin(), all.end(), std::back_inserter(mended));
    return mended;
}

bool isNull(const UA_NodeId& id) noexcept { return UA_NodeId_isNull(&id); }

/// Reads the fields of one event by name and type.
class Fields {
public:
    Fields(const UA_EventFieldList& list, std::span<const EventField> fields, NamespaceArray namespaces)
        : values_(list.eventFields, list.eventFieldsSize), fields_(fields), namespaces_(namespaces) {}

    /// The value of `field` when it is one `T`, which the library describes as `UA_TYPES[type]`; else null.
    template <class T>
    [[nodiscard]] const T* get(EventField field, std::size_t type) const noexcept {
        const UA_Variant* value = variant(field);
        if (value == nullptr || value->type != &UA_TYPES[type] || !UA_Variant_isScalar(value)) return nullptr;
        return static_cast<const T*>(value->data);
    }

    [[nodiscard]] const UA_Variant* variant(EventField field) const noexcept {
        const auto found = std::ranges::find(fields_, field);
        const auto index = static_cast<std::size_t>(found - fields_.begin());
        return found == fields_.end() || index >= values_.size() ? nullptr : &values_[index];
    }

    [[nodiscard]] std::optional<bool> flag(EventField field) const noexcept {
        const auto* value = get<UA_Boolean>(field, UA_TYPES_BOOLEAN);
        return value == nullptr ? std::nullopt : std::optional(*value);
    }

    [[nodiscard]] std::uint16_t number(EventField field) const noexcept {
        const auto* value = get<UA_UInt16>(field, UA_TYPES_UINT16);
        return value == nullptr ? std::uint16_t{0} : *value;
    }

    [[nodiscard]] std::string text(EventField field) const {
        const auto* value = get<UA_String>(field, UA_TYPES_STRING);
        return value == nullptr ? std::string{} : textOf(*value);
    }

    [[nodiscard]] LocalizedText localizedText(EventField field) const {
        const auto* value = get<UA_LocalizedText>(field, UA_TYPES_LOCALIZEDTEXT);
        return value == nullptr ? LocalizedText{} : LocalizedText{textOf(value->locale), textOf(value->text)};
    }

    /// Null for the null node id, too.
    [[nodiscard]] const UA_NodeId* nodeId(EventField field) const noexcept {
        const auto* value = get<UA_NodeId>(field, UA_TYPES_NODEID);
        return value == nullptr || isNull(*value) || !isSensible(*value) ? nullptr : value;
    }

    [[nodiscard]] std::string nodeText(EventField field) const {
        const auto* value = nodeId(field);
        return value == nullptr ? std::string{} : addressOf(*value, namespaces_).text();
    }

    [[nodiscard]] std::optional<Timestamp> time(EventField field) const noexcept {
        const auto* value = get<UA_DateTime>(field, UA_TYPES_DATETIME);
        if (value == nullptr || *value <= 0 || *value >= kEndOfTime) return std::nullopt;
        return timestampOf(*value);
    }

    /// Numeric node id in namespace 0; 0 for others.
    [[nodiscard]] std::uint32_t standardNode(EventField field) const noexcept {
        const auto* value = nodeId(field);
        const bool standard =
            value != nullptr && value->namespaceIndex == 0 && value->identifierType == UA_NODEIDTYPE_NUMERIC;
        return standard ? value->identifier.numeric : 0;
    }

    [[nodiscard]] NamespaceArray namespaces() const noexcept { return namespaces_; }

private:
    std::span<const UA_Variant> values_;
    std::span<const EventField> fields_;
    NamespaceArray namespaces_;
};

EventKind kindOf(std::uint32_t standardType, const Fields& fields) noexcept {
    switch (standardType) {
        case UA_NS0ID_REFRESHSTARTEVENTTYPE: return EventKind::RefreshStart;
        case UA_NS0ID_REFRESHENDEVENTTYPE: return EventKind::RefreshEnd;
        case UA_NS0ID_REFRESHREQUIREDEVENTTYPE: return EventKind::RefreshRequired;
        case UA_NS0ID_EVENTQUEUEOVERFLOWEVENTTYPE: return EventKind::QueueOverflow;
        case UA_NS0ID_BASEMODELCHANGEEVENTTYPE:
        case UA_NS0ID_GENERALMODELCHANGEEVENTTYPE: return EventKind::ModelChange;
        default:
            return fields.nodeId(EventField::ConditionId) == nullptr ? EventKind::Ordinary
                                                                     : EventKind::Condition;
    }
}

SourceEvent eventOf(const Fields& fields, std::uint32_t standardType, Timestamp received) {
    SourceEvent event;
    if (const auto* id = fields.get<UA_ByteString>(EventField::EventId, UA_TYPES_BYTESTRING);
        id != nullptr && id->length <= EventLimits::kMaxEventIdBytes) {
        event.id = view(*id);
    }
    event.type = fields.nodeText(EventField::EventType);
    event.typeName = eventTypeName(standardType);
    event.sourceNode = fields.nodeText(EventField::SourceNode);
    event.sourceName = fields.text(EventField::SourceName);
    event.time = fields.time(EventField::Time).value_or(received);
    event.receiveTime = fields.time(EventField::ReceiveTime).value_or(received);
    event.severity = std::min<std::uint16_t>(fields.number(EventField::Severity), 1'000);
    event.message = fields.localizedText(EventField::Message);
    event.condition = fields.nodeText(EventField::ConditionId);
    event.branch = fields.nodeText(EventField::BranchId);
    return event;
}

std::optional<Shelving> shelvingOf(std::uint32_t state) noexcept {
    switch (state) {
        case UA_NS0ID_SHELVEDSTATEMACHINETYPE_UNSHELVED: return Shelving::Unshelved;
        case UA_NS0ID_SHELVEDSTATEMACHINETYPE_TIMEDSHELVED: return Shelving::Timed;
        case UA_NS0ID_SHELVEDSTATEMACHINETYPE_ONESHOTSHELVED: return Shelving::OneShot;
        default: return std::nullopt;
    }
}

SourceCondition conditionOf(const Fields& fields, const SourceEvent& event) {
    SourceCondition condition;
    condition.key = {event.condition, event.branch};
    condition.name = fields.text(EventField::ConditionName);
    condition.className = fields.localizedText(EventField::ConditionClassName).text;
    condition.retain = fields.flag(EventField::Retain).value_or(true);
    condition.enabled = fields.flag(EventField::Enabled).value_or(true);
    condition.active = fields.flag(EventField::Active);
    condition.acked = fields.flag(EventField::Acked);
    condition.confirmed = fields.flag(EventField::Confirmed);
    condition.suppressed = fields.flag(EventField::Suppressed);
    condition.outOfService = fields.flag(EventField::OutOfService);
    condition.shelving = shelvingOf(fields.standardNode(EventField::ShelvingState));
    condition.limitState = fields.localizedText(EventField::LimitState).text;
    condition.lastSeverity = std::min<std::uint16_t>(fields.number(EventField::LastSeverity), 1'000);
    condition.comment = fields.localizedText(EventField::Comment);
    condition.clientUser = fields.text(EventField::ClientUserId);
    if (const auto* quality = fields.get<UA_StatusCode>(EventField::Quality, UA_TYPES_STATUSCODE))
        condition.quality = StatusCode{*quality};
    return condition;
}

}  // namespace

DecodedEvent decodeEvent(const UA_EventFieldList& list, std::span<const EventField> fields,
                         NamespaceArray namespaces, Timestamp received) {
    const Fields values(list, fields, namespaces);
    const std::uint32_t standardType = values.standardNode(EventField::EventType);
    DecodedEvent decoded;
    decoded.kind = kindOf(standardType, values);
    decoded.event = eventOf(values, standardType, received);
    if (decoded.kind == EventKind::Condition) decoded.condition = conditionOf(values, decoded.event);
    if (decoded.kind == EventKind::ModelChange)
        decoded.model = modelChangesIn(values.variant(EventField::ModelChanges), namespaces);
    return decoded;
}

}  // namespace tagwire::source::opcua
