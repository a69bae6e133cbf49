#include "source/opcua/events/event_type_names.h"

#include <algorithm>
#include <array>

namespace tagwire::source::opcua {
namespace {

struct TypeName {
    std::uint32_t id;
    std::string_view name;
};

/// By rising id.
constexpr std::array kTypeNames{
    TypeName{2041, "BaseEventType"},
    TypeName{2052, "AuditEventType"},
    TypeName{2058, "AuditSecurityEventType"},
    TypeName{2059, "AuditChannelEventType"},
    TypeName{2060, "AuditOpenSecureChannelEventType"},
    TypeName{2069, "AuditSessionEventType"},
    TypeName{2071, "AuditCreateSessionEventType"},
    TypeName{2075, "AuditActivateSessionEventType"},
    TypeName{2078, "AuditCancelEventType"},
    TypeName{2080, "AuditCertificateEventType"},
    TypeName{2082, "AuditCertificateDataMismatchEventType"},
    TypeName{2085, "AuditCertificateExpiredEventType"},
    TypeName{2086, "AuditCertificateInvalidEventType"},
    TypeName{2087, "AuditCertificateUntrustedEventType"},
    TypeName{2088, "AuditCertificateRevokedEventType"},
    TypeName{2089, "AuditCertificateMismatchEventType"},
    TypeName{2090, "AuditNodeManagementEventType"},
    TypeName{2091, "AuditAddNodesEventType"},
    TypeName{2093, "AuditDeleteNodesEventType"},
    TypeName{2095, "AuditAddReferencesEventType"},
    TypeName{2097, "AuditDeleteReferencesEventType"},
    TypeName{2099, "AuditUpdateEventType"},
    TypeName{2100, "AuditWriteUpdateEventType"},
    TypeName{2104, "AuditHistoryUpdateEventType"},
    TypeName{2127, "AuditUpdateMethodEventType"},
    TypeName{2130, "SystemEventType"},
    TypeName{2131, "DeviceFailureEventType"},
    TypeName{2132, "BaseModelChangeEventType"},
    TypeName{2133, "GeneralModelChangeEventType"},
    TypeName{2311, "TransitionEventType"},
    TypeName{2315, "AuditUpdateStateEventType"},
    TypeName{2378, "ProgramTransitionEventType"},
    TypeName{2738, "SemanticChangeEventType"},
    TypeName{2748, "AuditUrlMismatchEventType"},
    TypeName{2782, "ConditionType"},
    TypeName{2787, "RefreshStartEventType"},
    TypeName{2788, "RefreshEndEventType"},
    TypeName{2789, "RefreshRequiredEventType"},
    TypeName{2790, "AuditConditionEventType"},
    TypeName{2803, "AuditConditionEnableEventType"},
    TypeName{2829, "AuditConditionCommentEventType"},
    TypeName{2830, "DialogConditionType"},
    TypeName{2881, "AcknowledgeableConditionType"},
    TypeName{2915, "AlarmConditionType"},
    TypeName{2955, "LimitAlarmType"},
    TypeName{2999, "AuditHistoryEventUpdateEventType"},
    TypeName{3006, "AuditHistoryValueUpdateEventType"},
    TypeName{3012, "AuditHistoryDeleteEventType"},
    TypeName{3014, "AuditHistoryRawModifyDeleteEventType"},
    TypeName{3019, "AuditHistoryAtTimeDeleteEventType"},
    TypeName{3022, "AuditHistoryEventDeleteEventType"},
    TypeName{3035, "EventQueueOverflowEventType"},
    TypeName{3806, "ProgramTransitionAuditEventType"},
    TypeName{8927, "AuditConditionRespondEventType"},
    TypeName{8944, "AuditConditionAcknowledgeEventType"},
    TypeName{8961, "AuditConditionConfirmEventType"},
    TypeName{9341, "ExclusiveLimitAlarmType"},
    TypeName{9482, "ExclusiveLevelAlarmType"},
    TypeName{9623, "ExclusiveRateOfChangeAlarmType"},
    TypeName{9764, "ExclusiveDeviationAlarmType"},
    TypeName{9906, "NonExclusiveLimitAlarmType"},
    TypeName{10060, "NonExclusiveLevelAlarmType"},
    TypeName{10214, "NonExclusiveRateOfChangeAlarmType"},
    TypeName{10368, "NonExclusiveDeviationAlarmType"},
    TypeName{10523, "DiscreteAlarmType"},
    TypeName{10637, "OffNormalAlarmType"},
    TypeName{10751, "TripAlarmType"},
    TypeName{11093, "AuditConditionShelvingEventType"},
    TypeName{11436, "ProgressEventType"},
    TypeName{11446, "SystemStatusChangeEventType"},
    TypeName{11753, "SystemOffNormalAlarmType"},
    TypeName{11856, "AuditProgramTransitionEventType"},
    TypeName{12561, "TrustListUpdatedAuditEventType"},
    TypeName{12620, "CertificateUpdatedAuditEventType"},
    TypeName{13225, "CertificateExpirationAlarmType"},
    TypeName{15013, "AuditConditionResetEventType"},
    TypeName{15535, "PubSubStatusEventType"},
    TypeName{15548, "PubSubTransportLimitsExceedEventType"},
    TypeName{15563, "PubSubCommunicationFailureEventType"},
    TypeName{17080, "DiscrepancyAlarmType"},
    TypeName{17225, "AuditConditionSuppressionEventType"},
    TypeName{17242, "AuditConditionSilenceEventType"},
    TypeName{17259, "AuditConditionOutOfServiceEventType"},
    TypeName{17641, "RoleMappingRuleChangedAuditEventType"},
    TypeName{18011, "KeyCredentialAuditEventType"},
    TypeName{18029, "KeyCredentialUpdatedAuditEventType"},
    TypeName{18047, "KeyCredentialDeletedAuditEventType"},
    TypeName{18347, "InstrumentDiagnosticAlarmType"},
    TypeName{18496, "SystemDiagnosticAlarmType"},
    TypeName{19095, "AuditHistoryAnnotationUpdateEventType"},
    TypeName{19297, "TrustListOutOfDateAlarmType"},
    TypeName{23606, "AuditClientEventType"},
    TypeName{23926, "AuditClientUpdateMethodResultEventType"},
    TypeName{32260, "TrustListUpdateRequestedAuditEventType"},
    TypeName{32306, "CertificateUpdateRequestedAuditEventType"},
};

}  // namespace

std::string_view eventTypeName(std::uint32_t id) noexcept {
    const auto found = std::ranges::lower_bound(kTypeNames, id, {}, &TypeName::id);
    return found != kTypeNames.end() && found->id == id ? found->name : std::string_view{};
}

}  // namespace tagwire::source::opcua
