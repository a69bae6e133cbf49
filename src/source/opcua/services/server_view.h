/// What services need to know of the server they ask.
/// Thread: the source's. Lifetime: one generation; the client and the namespaces outlive every answer.
#pragma once

#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

struct ServerView {
    UaClient& client;
    OperationLimits limits;
    NamespaceArray namespaces;
};

[[nodiscard]] inline ServerView viewOf(UaClient& client, const ServerInfo& info) {
    return {client, info.limits(), info.namespaces()};
}

}  // namespace tagwire::source::opcua
