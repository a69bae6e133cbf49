/// Which built-in type carries values of a data type of the library.
/// Thread: any. Lifetime: functions.
#pragma once

#include <open62541/types.h>

#include "model/value.h"

namespace tagwire::source::opcua {

/// Enumerations are Int32 and structures ExtensionObject on the wire (OPC 10000-6, 5.2.4 and 5.2.2.15).
[[nodiscard]] inline BuiltInType builtInTypeOf(const UA_DataType& type) noexcept {
    if (type.typeKind == UA_DATATYPEKIND_ENUM) return BuiltInType::Int32;
    if (type.typeKind <= UA_DATATYPEKIND_DIAGNOSTICINFO) return static_cast<BuiltInType>(type.typeKind + 1);
    return BuiltInType::ExtensionObject;
}

}  // namespace tagwire::source::opcua
