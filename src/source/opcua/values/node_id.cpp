#include "source/opcua/values/node_id.h"

#include <algorithm>

#include <fmt/format.h>

namespace tagwire::source::opcua {
namespace {

UA_Guid uaGuidOf(const Guid& guid) noexcept {
    const auto& b = guid.bytes;
    UA_Guid out{};
    out.data1 = static_cast<UA_UInt32>(b[0]) << 24U | static_cast<UA_UInt32>(b[1]) << 16U |
                static_cast<UA_UInt32>(b[2]) << 8U | b[3];
    out.data2 = static_cast<UA_UInt16>(b[4] << 8 | b[5]);
    out.data3 = static_cast<UA_UInt16>(b[6] << 8 | b[7]);
    std::copy(b.begin() + 8, b.end(), out.data4);
    return out;
}

void setIdentifier(UA_NodeId& id, const NodeAddress::Identifier& identifier) {
    if (const auto* number = std::get_if<std::uint32_t>(&identifier)) {
        id.identifierType = UA_NODEIDTYPE_NUMERIC;
        id.identifier.numeric = *number;
    } else if (const auto* name = std::get_if<std::string>(&identifier)) {
        id.identifierType = UA_NODEIDTYPE_STRING;
        id.identifier.string = copyOf(*name);
    } else if (const auto* guid = std::get_if<Guid>(&identifier)) {
        id.identifierType = UA_NODEIDTYPE_GUID;
        id.identifier.guid = uaGuidOf(*guid);
    } else {
        id.identifierType = UA_NODEIDTYPE_BYTESTRING;
        id.identifier.byteString = copyOf(std::get<ByteString>(identifier).bytes);
    }
}

NodeAddress::Identifier identifierOf(const UA_NodeId& id) {
    switch (id.identifierType) {
        case UA_NODEIDTYPE_STRING: return std::string(view(id.identifier.string));
        case UA_NODEIDTYPE_GUID: return guidOf(id.identifier.guid);
        case UA_NODEIDTYPE_BYTESTRING: return ByteString{std::string(view(id.identifier.byteString))};
        case UA_NODEIDTYPE_NUMERIC: break;
    }
    return id.identifier.numeric;
}

}  // namespace

Guid guidOf(const UA_Guid& guid) noexcept {
    Guid out;
    auto& b = out.bytes;
    for (unsigned i = 0; i < 4; ++i) b[i] = static_cast<std::uint8_t>(guid.data1 >> (24U - 8U * i));
    b[4] = static_cast<std::uint8_t>(guid.data2 >> 8U);
    b[5] = static_cast<std::uint8_t>(guid.data2 & 0xFFU);
    b[6] = static_cast<std::uint8_t>(guid.data3 >> 8U);
    b[7] = static_cast<std::uint8_t>(guid.data3 & 0xFFU);
    std::ranges::copy(guid.data4, b.begin() + 8);
    return out;
}

Result<Ua<UA_NodeId>, StatusCode> resolve(const NodeAddress& address, NamespaceArray namespaces) {
    Ua<UA_NodeId> id;
    if (const auto* uri = std::get_if<std::string>(&address.space)) {
        const auto found = std::ranges::find(namespaces, *uri);
        if (found == namespaces.end()) return tl::unexpected(StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
        id->namespaceIndex = static_cast<UA_UInt16>(found - namespaces.begin());
    } else {
        id->namespaceIndex = std::get<std::uint16_t>(address.space);
    }
    setIdentifier(id.get(), address.identifier);
    return id;
}

NodeAddress addressOf(const UA_NodeId& id, NamespaceArray namespaces) {
    NodeAddress address{id.namespaceIndex, identifierOf(id)};
    if (id.namespaceIndex != 0 && id.namespaceIndex < namespaces.size()) {
        address.space = namespaces[id.namespaceIndex];
    }
    return address;
}

std::string textOf(const UA_ExpandedNodeId& id, NamespaceArray namespaces) {
    NodeAddress address = addressOf(id.nodeId, namespaces);
    if (id.namespaceUri.length > 0) address.space = std::string(view(id.namespaceUri));
    return id.serverIndex == 0 ? address.text() : fmt::format("svr={};{}", id.serverIndex, address.text());
}

}  // namespace tagwire::source::opcua
