/// Finds items by browse path at each connect. Thread: the source's. Lifetime: outlives the generations.
#pragma once

#include "source/opcua/subscription/item_table.h"
#include "source/opcua/subscription/node_resolver.h"
#include "source/opcua/text/browse_path_text.h"

namespace tagwire::source::opcua {

/// What an item's address names.
[[nodiscard]] NodeLocator locatorOf(const ItemAddress& address);

class PathResolver final : public NodeResolver {
public:
    void resolve(UaClient& client, NamespaceArray namespaces, std::vector<std::string> places,
                 std::function<void(Nodes&)> done) override;
};

}  // namespace tagwire::source::opcua
