/// From the library's decoded values to the model's.
/// Thread: any, the types' where there are some. Lifetime: functions.
#pragma once

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/structure_types.h"
#include "source/opcua/values/value_limits.h"

namespace tagwire::source::opcua {

/// What has to be known to convert the values of one server.
struct ConvertContext {
    NamespaceArray namespaces;
    /// Without them, structures that the library does not know are opaque.
    StructureTypes* types = nullptr;
    /// Set by convert() when something in the value is opaque only because its type is still being read:
    /// after that it can be converted again.
    bool awaitsTypes = false;
};

namespace detail {

/// What the fast way does not take.
[[nodiscard]] Value convertSlowly(const UA_Variant& variant, ConvertContext& context, StatusCode& status);

}  // namespace detail

/// Times that are missing, or are DateTime's null or its end (OPC 10000-6, 5.2.2.5), are replaced: the
/// source's by the server's, the server's by `received`. Text that is not UTF-8 gets replacement characters.
/// Structures are JSON objects where their type is known, otherwise opaque with the reason. At most
/// ValueLimits is kept.
[[nodiscard]] inline DataValue convert(const UA_DataValue& value, ConvertContext& context,
                                       Timestamp received) {
    DataValue out;
    if (value.hasStatus) out.status = StatusCode{value.status};
    out.serverTime = value.hasServerTimestamp ? timestampOr(value.serverTimestamp, received) : received;
    out.sourceTime =
        value.hasSourceTimestamp ? timestampOr(value.sourceTimestamp, out.serverTime) : out.serverTime;
    if (!value.hasValue || value.value.type == nullptr) return out;
    const UA_Variant& variant = value.value;
    // Nearly every change of a plant is one of these; the rest costs an allocation anyway.
    if (variant.arrayLength == 0 && variant.data > UA_EMPTY_ARRAY_SENTINEL) {
        switch (variant.type->typeKind) {
            case UA_DATATYPEKIND_BOOLEAN:
                out.value = Value(*static_cast<const UA_Boolean*>(variant.data));
                return out;
            case UA_DATATYPEKIND_INT32:
                out.value = Value(*static_cast<const UA_Int32*>(variant.data));
                return out;
            case UA_DATATYPEKIND_FLOAT:
                out.value = Value(*static_cast<const UA_Float*>(variant.data));
                return out;
            case UA_DATATYPEKIND_DOUBLE:
                out.value = Value(*static_cast<const UA_Double*>(variant.data));
                return out;
            default: break;
        }
    }
    out.value = detail::convertSlowly(variant, context, out.status);
    return out;
}

[[nodiscard]] inline DataValue convert(const UA_DataValue& value, NamespaceArray namespaces,
                                       Timestamp received) {
    ConvertContext context{.namespaces = namespaces};
    return convert(value, context, received);
}

}  // namespace tagwire::source::opcua
