/// Finds nodes whose place has to be looked up at the server, such as browse paths, at each connect.
/// Thread: the source's. Lifetime: outlives the generations.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

class NodeResolver {
public:
    using Nodes = std::vector<Result<Ua<UA_NodeId>, StatusCode>>;

    NodeResolver() = default;
    NodeResolver(const NodeResolver&) = delete;
    NodeResolver& operator=(const NodeResolver&) = delete;
    virtual ~NodeResolver() = default;

    /// Calls `done` once, at once or from the client's run(), with one result a place, in their order; never
    /// after the client began to close.
    virtual void resolve(UaClient& client, NamespaceArray namespaces, std::vector<std::string> places,
                         std::function<void(Nodes&)> done) = 0;
};

}  // namespace tagwire::source::opcua
