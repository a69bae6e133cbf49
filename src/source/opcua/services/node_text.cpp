#include "source/opcua/services/node_text.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <utf8.h>

#include "source/opcua/services/node_key.h"
#include "source/opcua/values/node_id_map.h"

namespace tagwire::source::opcua {
namespace {

std::string shown(std::string_view text) {
    text = text.substr(0, kMaxShownBytes);
    if (utf8::is_valid(text.begin(), text.end())) return std::string(text);
    std::string mended;
    utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(mended));
    return mended;
}

}  // namespace

std::string shownText(const UA_String& text) { return shown(view(text)); }

QualifiedName nameOf(const UA_QualifiedName& name) { return {name.namespaceIndex, shownText(name.name)}; }

LocalizedText wordsOf(const UA_LocalizedText& text) { return {shownText(text.locale), shownText(text.text)}; }

std::string nodeTextOf(const UA_NodeId& id, NamespaceArray namespaces) {
    return UA_NodeId_isNull(&id) ? std::string{} : shown(addressOf(id, namespaces).text());
}

std::string nodeTextOf(const UA_ExpandedNodeId& id, NamespaceArray namespaces) {
    return UA_NodeId_isNull(&id.nodeId) ? std::string{} : shown(textOf(id, namespaces));
}

NodeClass nodeClassOf(UA_NodeClass nodeClass) noexcept {
    const auto known = static_cast<NodeClass>(nodeClass);
    return nodeClassName(known) == nodeClassName(NodeClass::Unspecified) ? NodeClass::Unspecified : known;
}

bool isRemote(const UA_ExpandedNodeId& id, NamespaceArray namespaces) noexcept {
    if (id.serverIndex != 0) return true;
    return id.namespaceUri.length > 0 &&
           std::ranges::find(namespaces, view(id.namespaceUri)) == namespaces.end();
}

Ua<UA_NodeId> localId(const UA_ExpandedNodeId& id, NamespaceArray namespaces) {
    if (isRemote(id, namespaces)) return {};
    Ua<UA_NodeId> local = copyOf(id.nodeId);
    if (id.namespaceUri.length > 0) {
        const auto found = std::ranges::find(namespaces, view(id.namespaceUri));
        local->namespaceIndex = static_cast<UA_UInt16>(found - namespaces.begin());
    }
    return local;
}

NodeSummary summaryOf(const UA_ReferenceDescription& reference, NamespaceArray namespaces) {
    return {.node = nodeTextOf(reference.nodeId, namespaces),
            .browseName = nameOf(reference.browseName),
            .displayName = wordsOf(reference.displayName),
            .nodeClass = nodeClassOf(reference.nodeClass),
            .typeDefinition = nodeTextOf(reference.typeDefinition, namespaces),
            .referenceType = nodeTextOf(reference.referenceTypeId, namespaces),
            .forward = reference.isForward,
            .remote = isRemote(reference.nodeId, namespaces),
            .hasChildren = std::nullopt};
}

}  // namespace tagwire::source::opcua
