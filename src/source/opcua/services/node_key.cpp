#include "source/opcua/services/node_key.h"

#include <cstring>

namespace tagwire::source::opcua {
namespace {

template <class T>
void append(std::string& out, const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

constexpr std::size_t kHeader = 1 + sizeof(UA_UInt16);

}  // namespace

std::string keyOf(const UA_NodeId& id) {
    std::string key(1, static_cast<char>(id.identifierType));
    append(key, id.namespaceIndex);
    switch (id.identifierType) {
        case UA_NODEIDTYPE_NUMERIC: append(key, id.identifier.numeric); break;
        case UA_NODEIDTYPE_GUID: append(key, id.identifier.guid); break;
        case UA_NODEIDTYPE_STRING: key += view(id.identifier.string); break;
        case UA_NODEIDTYPE_BYTESTRING: key += view(id.identifier.byteString); break;
    }
    return key;
}

Ua<UA_NodeId> nodeOfKey(const std::string& key) {
    Ua<UA_NodeId> id;
    if (key.size() < kHeader) return id;
    id->identifierType = static_cast<UA_NodeIdType>(key[0]);
    std::memcpy(&id->namespaceIndex, key.data() + 1, sizeof id->namespaceIndex);
    const std::string_view rest = std::string_view(key).substr(kHeader);
    switch (id->identifierType) {
        case UA_NODEIDTYPE_NUMERIC:
            std::memcpy(&id->identifier.numeric, rest.data(), sizeof id->identifier.numeric);
            break;
        case UA_NODEIDTYPE_GUID:
            std::memcpy(&id->identifier.guid, rest.data(), sizeof id->identifier.guid);
            break;
        case UA_NODEIDTYPE_STRING: id->identifier.string = copyOf(rest); break;
        case UA_NODEIDTYPE_BYTESTRING: id->identifier.byteString = copyOf(rest); break;
    }
    return id;
}

}  // namespace tagwire::source::opcua
