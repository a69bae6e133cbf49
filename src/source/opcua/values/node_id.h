/// Node ids between text and the library, with the namespaces of one server.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "model/status_code.h"
#include "source/opcua/text/node_id_text.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// A server's NamespaceArray (OPC 10000-5, 6.3.1); index 0 is OPC UA itself.
using NamespaceArray = std::span<const std::string>;

/// The node id that `address` has at a server with these namespaces; BadNodeIdUnknown where the URI is not
/// among them.
[[nodiscard]] Result<Ua<UA_NodeId>, StatusCode> resolve(const NodeAddress& address,
                                                        NamespaceArray namespaces);

/// Whether text and opaque identifiers are no longer than they may be (OPC 10000-3, 8.2.4).
[[nodiscard]] inline bool isSensible(const UA_NodeId& id) noexcept {
    const bool bytes =
        id.identifierType == UA_NODEIDTYPE_STRING || id.identifierType == UA_NODEIDTYPE_BYTESTRING;
    return !bytes || id.identifier.string.length <= NodeAddress::kMaxIdentifierBytes;
}

/// With the namespace's URI where the index is in `namespaces`, otherwise with the index.
[[nodiscard]] NodeAddress addressOf(const UA_NodeId& id, NamespaceArray namespaces);

/// As addressOf; the node's own URI wins over its index, and another server's index is put in front as
/// `svr=1;`.
[[nodiscard]] std::string textOf(const UA_ExpandedNodeId& id, NamespaceArray namespaces);

/// Bytes in the order of the text form.
[[nodiscard]] Guid guidOf(const UA_Guid& guid) noexcept;

}  // namespace tagwire::source::opcua
