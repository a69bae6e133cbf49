/// What people do with conditions, by method calls at the server (OPC 10000-9, 5.5.5 and 5.7.3).
/// Thread: the source's. Lifetime: functions; the client outlives the answer or drops it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "model/source_event.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

enum class ConditionMethod : std::uint8_t { Acknowledge, Confirm, AddComment };

struct ConditionCall {
    ConditionMethod method;
    NodeAddress condition;
    /// Of the condition's latest event, which is another one after every change: Confirm after Acknowledge
    /// names that of the event that told of the Acknowledge.
    std::string eventId;
    LocalizedText comment;
};

/// What came of it: the server's status, and for a refusal what happened and what to do.
struct ConditionAnswer {
    StatusCode status;
    /// Empty when it was done.
    std::string message;
};

/// `done` is called once, from the client's run(), or at once where nothing can be sent.
void callConditionMethod(UaClient& client, NamespaceArray namespaces, const ConditionCall& call,
                         std::function<void(const ConditionAnswer&)> done);

/// Why the server refused, in words an operator understands; empty for a status that is not Bad.
[[nodiscard]] std::string refusalText(ConditionMethod method, StatusCode status);

}  // namespace tagwire::source::opcua
