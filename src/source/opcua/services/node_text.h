/// The library's names and references in the model's words, made fit to be shown: valid UTF-8, bounded.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>

#include "model/address_space.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// At most kMaxShownBytes; what is not UTF-8 becomes U+FFFD.
inline constexpr std::size_t kMaxShownBytes = 4'096;
[[nodiscard]] std::string shownText(const UA_String& text);

[[nodiscard]] QualifiedName nameOf(const UA_QualifiedName& name);
[[nodiscard]] LocalizedText wordsOf(const UA_LocalizedText& text);

/// As addressOf().text(), fit to be shown; empty for the null node id.
[[nodiscard]] std::string nodeTextOf(const UA_NodeId& id, NamespaceArray namespaces);
[[nodiscard]] std::string nodeTextOf(const UA_ExpandedNodeId& id, NamespaceArray namespaces);

/// Unspecified for what is none.
[[nodiscard]] NodeClass nodeClassOf(UA_NodeClass nodeClass) noexcept;

/// The node is in another server, or in a namespace that this one does not name: it cannot be followed.
[[nodiscard]] bool isRemote(const UA_ExpandedNodeId& id, NamespaceArray namespaces) noexcept;
/// The id that a reference of this server points to, its URI resolved; null where isRemote().
[[nodiscard]] Ua<UA_NodeId> localId(const UA_ExpandedNodeId& id, NamespaceArray namespaces);

[[nodiscard]] NodeSummary summaryOf(const UA_ReferenceDescription& reference, NamespaceArray namespaces);

}  // namespace tagwire::source::opcua
