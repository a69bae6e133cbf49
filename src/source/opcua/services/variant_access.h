/// Typed looks into variants whose type a server may have got wrong.
/// Thread: any. Lifetime: functions; the results point into the variant.
#pragma once

#include <cstddef>

#include <open62541/types_generated.h>

namespace tagwire::source::opcua {

/// The single element of a variant or data value, where it has the type UA_TYPES[`type`]; null otherwise.
/// Structures are found whether or not the ExtensionObject is still around them.
template <class T>
[[nodiscard]] const T* scalarIn(const UA_Variant& value, int type) noexcept {
    if (UA_Variant_hasScalarType(&value, &UA_TYPES[type])) return static_cast<const T*>(value.data);
    if (!UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_EXTENSIONOBJECT])) return nullptr;
    const auto& object = *static_cast<const UA_ExtensionObject*>(value.data);
    const bool fits =
        object.encoding >= UA_EXTENSIONOBJECT_DECODED && object.content.decoded.type == &UA_TYPES[type];
    return fits ? static_cast<const T*>(object.content.decoded.data) : nullptr;
}

template <class T>
[[nodiscard]] const T* scalarIn(const UA_DataValue& value, int type) noexcept {
    return value.hasValue ? scalarIn<T>(value.value, type) : nullptr;
}

/// Calls `take` with each element of an array of UA_TYPES[`type`], `limit` at most.
template <class T, class Take>
void forEachIn(const UA_Variant& value, int type, std::size_t limit, Take take) {
    const std::size_t count = UA_Variant_isScalar(&value) ? 0 : value.arrayLength;
    if (value.type == &UA_TYPES[type]) {
        const auto* elements = static_cast<const T*>(value.data);
        for (std::size_t i = 0; i < count && i < limit; ++i) take(elements[i]);
    } else if (value.type == &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]) {
        const auto* objects = static_cast<const UA_ExtensionObject*>(value.data);
        for (std::size_t i = 0; i < count && i < limit; ++i) {
            if (objects[i].encoding >= UA_EXTENSIONOBJECT_DECODED &&
                objects[i].content.decoded.type == &UA_TYPES[type])
                take(*static_cast<const T*>(objects[i].content.decoded.data));
        }
    }
}

}  // namespace tagwire::source::opcua
