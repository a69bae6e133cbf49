#include "source/opcua/events/condition_methods.h"

#include <utility>

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

}  // namespace

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
