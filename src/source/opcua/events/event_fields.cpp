#include "source/opcua/events/event_fields.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tagwire::source::opcua {
namespace {

struct FieldPlace {
    EventField field{};
    /// The type that declares it.
    std::uint32_t type = 0;
    /// Browse names in namespace 0, up to the first empty one.
    std::array<std::string_view, 3> path;
};

constexpr std::uint32_t kExclusiveLimitAlarmType = 9341;

constexpr std::array kPlaces{
    FieldPlace{EventField::EventType, UA_NS0ID_BASEEVENTTYPE, {"EventType"}},
    FieldPlace{EventField::EventId, UA_NS0ID_BASEEVENTTYPE, {"EventId"}},
    FieldPlace{EventField::SourceNode, UA_NS0ID_BASEEVENTTYPE, {"SourceNode"}},
    FieldPlace{EventField::SourceName, UA_NS0ID_BASEEVENTTYPE, {"SourceName"}},
    FieldPlace{EventField::Time, UA_NS0ID_BASEEVENTTYPE, {"Time"}},
    FieldPlace{EventField::ReceiveTime, UA_NS0ID_BASEEVENTTYPE, {"ReceiveTime"}},
    FieldPlace{EventField::Message, UA_NS0ID_BASEEVENTTYPE, {"Message"}},
    FieldPlace{EventField::Severity, UA_NS0ID_BASEEVENTTYPE, {"Severity"}},
    // The NodeId attribute of the condition itself (OPC 10000-9, 5.5.2.13).
    FieldPlace{EventField::ConditionId, UA_NS0ID_CONDITIONTYPE, {}},
    FieldPlace{EventField::ConditionName, UA_NS0ID_CONDITIONTYPE, {"ConditionName"}},
    FieldPlace{EventField::ConditionClassName, UA_NS0ID_CONDITIONTYPE, {"ConditionClassName"}},
    FieldPlace{EventField::BranchId, UA_NS0ID_CONDITIONTYPE, {"BranchId"}},
    FieldPlace{EventField::Retain, UA_NS0ID_CONDITIONTYPE, {"Retain"}},
    FieldPlace{EventField::Enabled, UA_NS0ID_CONDITIONTYPE, {"EnabledState", "Id"}},
    FieldPlace{EventField::Quality, UA_NS0ID_CONDITIONTYPE, {"Quality"}},
    FieldPlace{EventField::LastSeverity, UA_NS0ID_CONDITIONTYPE, {"LastSeverity"}},
    FieldPlace{EventField::Comment, UA_NS0ID_CONDITIONTYPE, {"Comment"}},
    FieldPlace{EventField::ClientUserId, UA_NS0ID_CONDITIONTYPE, {"ClientUserId"}},
    FieldPlace{EventField::Acked, UA_NS0ID_ACKNOWLEDGEABLECONDITIONTYPE, {"AckedState", "Id"}},
    FieldPlace{EventField::Confirmed, UA_NS0ID_ACKNOWLEDGEABLECONDITIONTYPE, {"ConfirmedState", "Id"}},
    FieldPlace{EventField::Active, UA_NS0ID_ALARMCONDITIONTYPE, {"ActiveState", "Id"}},
    FieldPlace{EventField::Suppressed, UA_NS0ID_ALARMCONDITIONTYPE, {"SuppressedState", "Id"}},
    FieldPlace{EventField::OutOfService, UA_NS0ID_ALARMCONDITIONTYPE, {"OutOfServiceState", "Id"}},
    FieldPlace{
        EventField::ShelvingState, UA_NS0ID_ALARMCONDITIONTYPE, {"ShelvingState", "CurrentState", "Id"}},
    FieldPlace{EventField::LimitState, kExclusiveLimitAlarmType, {"LimitState", "CurrentState"}},
    FieldPlace{EventField::ModelChanges, UA_NS0ID_GENERALMODELCHANGEEVENTTYPE, {"Changes"}},
};

void fill(UA_SimpleAttributeOperand& clause, const FieldPlace& place) {
    clause.typeDefinitionId.identifier.numeric = place.type;
    const auto end = std::ranges::find(place.path, std::string_view{});
    const auto length = static_cast<std::size_t>(end - place.path.begin());
    clause.attributeId = length == 0 ? UA_ATTRIBUTEID_NODEID : UA_ATTRIBUTEID_VALUE;
    if (length == 0) return;
    UaArray<UA_QualifiedName> path(length);
    for (std::size_t i = 0; i < length; ++i) path[i].name = copyOf(place.path[i]);
    clause.browsePathSize = length;
    clause.browsePath = path.release();
}

}  // namespace

EventSelection EventSelection::full() {
    EventSelection selection;
    for (const FieldPlace& place : kPlaces) selection.fields_.push_back(place.field);
    return selection;
}

EventSelection EventSelection::base() {
    EventSelection selection;
    for (const FieldPlace& place : kPlaces) {
        if (place.type == UA_NS0ID_BASEEVENTTYPE) selection.fields_.push_back(place.field);
    }
    return selection;
}

EventSelection EventSelection::smaller(std::span<const UA_StatusCode> refused) const {
    EventSelection rest;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const bool bad = i < refused.size() && StatusCode{refused[i]}.isBad();
        if (!bad) rest.fields_.push_back(fields_[i]);
    }
    if (rest.fields_.size() < fields_.size()) return rest;
    EventSelection least = base();
    return least.fields_.size() < fields_.size() ? least : EventSelection{};
}

Ua<UA_EventFilter> EventSelection::filter() const {
    Ua<UA_EventFilter> filter;
    UaArray<UA_SimpleAttributeOperand> clauses(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        fill(clauses[i], kPlaces[static_cast<std::size_t>(fields_[i])]);
    }
    filter->selectClausesSize = clauses.size();
    filter->selectClauses = clauses.release();
    return filter;
}

}  // namespace tagwire::source::opcua
