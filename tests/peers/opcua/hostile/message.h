// Bytes of OPC UA messages (OPC 10000-6, 5 and 6.7) by the library's codec, and the framing around them.
// Thread: any. Lifetime: values and functions.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <open62541/types.h>
#include <open62541/types_generated.h>
#include <open62541/types_generated_handling.h>
#include <open62541/util.h>

namespace hostile {

using Bytes = std::string;

inline UA_String borrow(std::string_view text) {
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}
inline UA_String copy(std::string_view text) {
    UA_String out;
    const UA_String in = borrow(text);
    UA_String_copy(&in, &out);
    return out;
}
inline std::string_view view(const UA_String& text) {
    return {reinterpret_cast<const char*>(text.data), text.length};
}

struct Delete {
    const UA_DataType* type;
    void operator()(void* object) const { UA_delete(object, type); }
};
// An object of any of the library's types, with everything in it.
using Object = std::unique_ptr<void, Delete>;
inline Object make(const UA_DataType& type) { return {UA_new(&type), Delete{&type}}; }

template <class T>
T& as(const Object& object) {
    return *static_cast<T*>(object.get());
}
template <class T>
T* array(std::size_t size, const UA_DataType& type) {
    return static_cast<T*>(UA_Array_new(size, &type));
}

inline void put32(Bytes& out, std::uint32_t number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
inline std::uint32_t get32(std::string_view in, std::size_t at) {
    std::uint32_t number = 0;
    if (at + sizeof number <= in.size()) std::memcpy(&number, in.data() + at, sizeof number);
    return number;
}

// Appends `object` as it travels within others.
void encode(Bytes& out, const void* object, const UA_DataType& type);
// The body of a message: the type's encoding id and the object.
Bytes body(const void* object, const UA_DataType& type);
// The object in the body of a message; null if there is no such type or it does not decode.
Object decode(std::string_view body);

// One chunk: `type` is HEL, ACK, ERR, OPN, MSG, CLO; `final` F, C or A.
Bytes chunk(std::string_view type, char final, std::string_view content);

}  // namespace hostile
