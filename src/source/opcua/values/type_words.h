/// Data types in words for people: what they are called, and what is typed for one of their values.
/// Thread: the types'. Lifetime: functions.
#pragma once

#include <string>

#include "source/opcua/values/structure_types.h"
#include "source/opcua/values/value_encode.h"

namespace tagwire::source::opcua {

/// `Double`, `ByteString`; "any type" for Null.
[[nodiscard]] std::string typeName(BuiltInType type);

/// `Double`, `Int32[]`, `any type[][]`; structures, enumerations and abstract types by their own name,
/// `Recipe`. What the server does not describe is named by its node id.
[[nodiscard]] std::string typeText(const WriteTarget& target, const StructureTypes& types);

/// A value that encodeText() takes for the target: `21.5`, `[true,true]`,
/// `{"Name":"text","State":"Running"}`. Empty where there is none, or it would be too long to be read.
[[nodiscard]] std::string exampleText(const WriteTarget& target, const StructureTypes& types);

}  // namespace tagwire::source::opcua
