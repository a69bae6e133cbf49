/// What people do with conditions, by method calls at the server (OPC 10000-9, 5.5.5 and 5.7.3).
/// Thread: the source's. Lifetime: functions; the client outlives the answer or drops it.
#pragma once

#include <functional>
#include <string>

#include "model/condition_services.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

struct ConditionCall {
    ConditionMethod method;
    NodeAddress condition;
    /// As in ConditionOrder.
    std::string eventId;
    LocalizedText comment;
};

/// `done` is called once, from the client's run(), or at once where nothing can be sent.
void callConditionMethod(UaClient& client, NamespaceArray namespaces, const ConditionCall& call,
                         std::function<void(const ConditionAnswer&)> done);

}  // namespace tagwire::source::opcua
