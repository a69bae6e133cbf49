/// Finds items by browse path at each connect. Thread: the source's. Lifetime: outlives the generations.
#pragma once

#include "source/opcua/subscription/node_resolver.h"

namespace tagwire::source::opcua {

class PathResolver final : public NodeResolver {
public:
    void resolve(UaClient& client, NamespaceArray namespaces, std::vector<std::string> places,
                 std::function<void(Nodes&)> done) override;
};

}  // namespace tagwire::source::opcua
