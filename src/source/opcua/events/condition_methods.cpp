#include "source/opcua/events/condition_methods.h"

#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/batched_call.h"

namespace tagwire::source::opcua {
namespace {

std::uint32_t methodNode(ConditionMethod method) noexcept {
    switch (method) {
        case ConditionMethod::Acknowledge: return UA_NS0ID_ACKNOWLEDGEABLECONDITIONTYPE_ACKNOWLEDGE;
        case ConditionMethod::Confirm: return UA_NS0ID_ACKNOWLEDGEABLECONDITIONTYPE_CONFIRM;
        case ConditionMethod::AddComment: break;
    }
    return UA_NS0ID_CONDITIONTYPE_ADDCOMMENT;
}

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
        case UA_STATUSCODE_BADCONDITIONBRANCHALREADYACKED: return "it is acknowledged already";
        case UA_STATUSCODE_BADCONDITIONBRANCHALREADYCONFIRMED: return "it is confirmed already";
        case UA_STATUSCODE_BADEVENTIDUNKNOWN:
            return "the condition has changed since: look at its present state and try again";
        case UA_STATUSCODE_BADEVENTNOTACKNOWLEDGEABLE:
            return "this event cannot be acknowledged: the condition's present one can";
        case UA_STATUSCODE_BADCONDITIONDISABLED: return "the condition is disabled at the server";
        case UA_STATUSCODE_BADUSERACCESSDENIED:
        case UA_STATUSCODE_BADNOTEXECUTABLE:
            return "the server does not allow it to this user: use one that may acknowledge alarms";
        case UA_STATUSCODE_BADNODEIDUNKNOWN:
        case UA_STATUSCODE_BADNODEIDINVALID: return "the server has no such condition any more";
        case UA_STATUSCODE_BADMETHODINVALID:
        case UA_STATUSCODE_BADNOTIMPLEMENTED:
        case UA_STATUSCODE_BADNOTSUPPORTED:
            return method == ConditionMethod::Confirm ? "this condition needs no confirmation"
                                                      : "this condition has no such method";
        case UA_STATUSCODE_BADTIMEOUT:
            return "the server did not answer in time; whether it was done shows in the condition";
        case UA_STATUSCODE_BADCONNECTIONCLOSED: return "there is no connection to the server";
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

void callConditionMethod(UaClient& client, NamespaceArray namespaces, const ConditionCall& call,
                         std::function<void(const ConditionAnswer&)> done) {
    const auto answer = [method = call.method, done = std::move(done)](StatusCode status) {
        done({status, refusalText(method, status)});
    };
    auto condition = resolve(call.condition, namespaces);
    if (!condition) {
        answer(condition.error());
        return;
    }
    UaArray<UA_CallMethodRequest> calls(1);
    std::swap(calls[0].objectId, condition->get());
    calls[0].methodId.identifier.numeric = methodNode(call.method);

    const UA_ByteString eventId = borrow(call.eventId);
    const UA_LocalizedText comment{borrow(call.comment.locale), borrow(call.comment.text)};
    UaArray<UA_Variant> arguments(2);
    // Copies, which the request owns.
    static_cast<void>(UA_Variant_setScalarCopy(&arguments[0], &eventId, &UA_TYPES[UA_TYPES_BYTESTRING]));
    static_cast<void>(UA_Variant_setScalarCopy(&arguments[1], &comment, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]));
    calls[0].inputArgumentsSize = arguments.size();
    calls[0].inputArguments = arguments.release();
    callInBatches(client, kCall, 1, std::move(calls), {},
                  {[answer](std::vector<Outcome<UA_CallMethodResult>>& outcomes) {
                      const auto& [service, result] = outcomes.front();
                      answer(service.isBad() ? service : StatusCode{result.statusCode});
                  }});
}

}  // namespace tagwire::source::opcua
