/// The binary body of a structure as a JSON object, by the definition its server gives (OPC
/// 10000-6, 5.2.2.15, 5.2.6 to 5.2.8). Members are the fields by name, in the form of docs/protocol.md; an
/// absent optional field has no member, a union has the one member that is set. Enumerations are
/// `NAME_NUMBER` (OPC 10000-6, 5.4.4) where the server names the number. A structure within, of a type that
/// is not known, is `{"opaque":reason}`. Thread: the owner's of the types. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/value.h"
#include "source/opcua/values/structure_types.h"
#include "source/opcua/values/value_limits.h"

namespace tagwire::source::opcua {

/// Of the structure `type`. Wants types that are missing.
[[nodiscard]] Result<std::string, TypeGap> decodeBody(std::string_view body, TypeIndex type,
                                                      StructureTypes& types, ValueBudget& budget);

/// What an ExtensionObject with this encoding and body shows; opaque with the reason where it cannot be
/// decoded.
[[nodiscard]] Structure decodeStructure(const UA_NodeId& encoding, std::string_view body,
                                        StructureTypes& types, ValueBudget& budget);

/// `"Running_2"`, or the number alone when it has no name.
void appendEnumeration(std::string& json, const DataTypeEntry& type, std::int64_t number);

}  // namespace tagwire::source::opcua
