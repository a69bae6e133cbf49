#include "hostile/message.h"

namespace hostile {

void encode(Bytes& out, const void* object, const UA_DataType& type) {
    UA_ByteString bytes = UA_BYTESTRING_NULL;
    if (UA_encodeBinary(object, &type, &bytes) == UA_STATUSCODE_GOOD) out.append(view(bytes));
    UA_ByteString_clear(&bytes);
}

Bytes body(const void* object, const UA_DataType& type) {
    Bytes out;
    encode(out, &type.binaryEncodingId, UA_TYPES[UA_TYPES_NODEID]);
    encode(out, object, type);
    return out;
}

Object decode(std::string_view body) {
    UA_NodeId id;
    const UA_ByteString all = borrow(body);
    if (UA_decodeBinary(&all, &id, &UA_TYPES[UA_TYPES_NODEID], nullptr) != UA_STATUSCODE_GOOD) return {};
    const std::size_t size = UA_calcSizeBinary(&id, &UA_TYPES[UA_TYPES_NODEID]);
    for (std::size_t i = 0; i < UA_TYPES_COUNT; ++i) {
        if (!UA_NodeId_equal(&UA_TYPES[i].binaryEncodingId, &id)) continue;
        Object object = make(UA_TYPES[i]);
        const UA_ByteString rest = borrow(body.substr(size));
        if (UA_decodeBinary(&rest, object.get(), &UA_TYPES[i], nullptr) == UA_STATUSCODE_GOOD) return object;
        UA_init(object.get(), &UA_TYPES[i]);  // the library has cleared what it had decoded
        break;
    }
    UA_NodeId_clear(&id);
    return {};
}

Bytes chunk(std::string_view type, char final, std::string_view content) {
    Bytes out(type);
    out.push_back(final);
    put32(out, static_cast<std::uint32_t>(content.size() + 8));
    out.append(content);
    return out;
}

}  // namespace hostile
