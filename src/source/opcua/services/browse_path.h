/// Finds the nodes that the configuration names, by node id or by browse path, at a server as it is now: once
/// for every connection, because servers renumber namespaces and nodes (OPC 10000-4, 5.8.4).
/// Thread: the source's. Lifetime: functions; as batched_call.h.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/text/browse_path_text.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// What a locator stands for at this server.
struct LocatedNode {
    /// Null unless the status is Good.
    Ua<UA_NodeId> id;
    /// BadNodeIdUnknown: the namespace URI of a node id is not known. BadNoMatch: no node has this path.
    /// BadTooManyMatches: several have. BadNotSupported: the path leads to another server.
    /// BadReferenceTypeIdInvalid: a reference type of the path is not known.
    StatusCode status;
    /// In words, for an administrator; empty when Good.
    std::string reason;
};

/// One result a locator, in their order. That a node with a given id exists is not asked. `done` is called
/// once, at once where there is no browse path.
void locateNodes(const ServerView& server, std::span<const NodeLocator> locators,
                 std::function<void(std::vector<LocatedNode>)> done);

/// What the service found (OPC 10000-4, 5.8.4.4).
[[nodiscard]] LocatedNode locatedBy(const UA_BrowsePathResult& result, NamespaceArray namespaces);

}  // namespace tagwire::source::opcua
