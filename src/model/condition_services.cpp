#include "model/condition_services.h"

#include <string_view>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire {
namespace {

std::string_view verbOf(ConditionMethod method) noexcept {
    switch (method) {
        case ConditionMethod::Acknowledge: return "acknowledged";
        case ConditionMethod::Confirm: return "confirmed";
        case ConditionMethod::AddComment: break;
    }
    return "commented";
}

std::string_view reasonOf(ConditionMethod method, StatusCode status) noexcept {
    switch (status.withoutInfoBits().code()) {
        case kBadConditionBranchAlreadyAcked.code(): return "it is acknowledged already";
        case kBadConditionBranchAlreadyConfirmed.code(): return "it is confirmed already";
        case kBadEventIdUnknown.code():
            return "the condition has changed since: look at its present state and try again";
        case kBadEventNotAcknowledgeable.code():
            return "this event cannot be acknowledged: the condition's present one can";
        case kBadConditionDisabled.code(): return "the condition is disabled at the server";
        case kBadUserAccessDenied.code():
        case kBadNotExecutable.code():
            return "the server does not allow it to this user: use one that may acknowledge alarms";
        case kBadNodeIdUnknown.code():
        case kBadNodeIdInvalid.code(): return "the server has no such condition any more";
        case kBadMethodInvalid.code():
        case kBadNotImplemented.code():
        case kBadNotSupported.code():
            return method == ConditionMethod::Confirm ? "this condition needs no confirmation"
                                                      : "this condition has no such method";
        case kBadTimeout.code():
            return "the server did not answer in time; whether it was done shows in the condition";
        case kBadConnectionClosed.code():
            return "the connection to the server ended; whether it was done shows in the condition";
        default: return {};
    }
}

}  // namespace

std::string refusalText(ConditionMethod method, StatusCode status) {
    if (!status.isBad()) return {};
    const auto reason = reasonOf(method, status);
    if (reason.empty()) return fmt::format("not {}: {}", verbOf(method), statusText(status));
    return fmt::format("not {}: {} ({})", verbOf(method), reason, statusText(status));
}

std::optional<StatusCode> alreadyDone(ConditionMethod method, const SourceCondition& condition) {
    if (method == ConditionMethod::Acknowledge && condition.acked.value_or(false))
        return kBadConditionBranchAlreadyAcked;
    if (method == ConditionMethod::Confirm && condition.confirmed.value_or(false))
        return kBadConditionBranchAlreadyConfirmed;
    return std::nullopt;
}

}  // namespace tagwire
