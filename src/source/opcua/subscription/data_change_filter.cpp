#include "source/opcua/subscription/data_change_filter.h"

namespace tagwire::source::opcua {

bool isFilterRefused(StatusCode status) noexcept {
    switch (status.withoutInfoBits().code()) {
        case UA_STATUSCODE_BADMONITOREDITEMFILTERINVALID:
        case UA_STATUSCODE_BADMONITOREDITEMFILTERUNSUPPORTED:
        case UA_STATUSCODE_BADFILTERNOTALLOWED:
        case UA_STATUSCODE_BADDEADBANDFILTERINVALID: return true;
        default: return false;
    }
}

bool needsFilter(const Deadband& deadband) noexcept {
    return deadband.kind != Deadband::Kind::None || deadband.trigger != DataChangeTrigger::StatusValue;
}

UA_DataChangeFilter filterOf(const Deadband& deadband) noexcept {
    UA_DataChangeFilter filter{};
    switch (deadband.trigger) {
        case DataChangeTrigger::Status: filter.trigger = UA_DATACHANGETRIGGER_STATUS; break;
        case DataChangeTrigger::StatusValue: filter.trigger = UA_DATACHANGETRIGGER_STATUSVALUE; break;
        case DataChangeTrigger::StatusValueTimestamp:
            filter.trigger = UA_DATACHANGETRIGGER_STATUSVALUETIMESTAMP;
            break;
    }
    switch (deadband.kind) {
        case Deadband::Kind::None: filter.deadbandType = UA_DEADBANDTYPE_NONE; break;
        case Deadband::Kind::Absolute: filter.deadbandType = UA_DEADBANDTYPE_ABSOLUTE; break;
        case Deadband::Kind::Percent: filter.deadbandType = UA_DEADBANDTYPE_PERCENT; break;
    }
    filter.deadbandValue = deadband.size;
    return filter;
}

}  // namespace tagwire::source::opcua
