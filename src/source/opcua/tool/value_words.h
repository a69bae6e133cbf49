/// Values as people write them at the console, into what a node takes.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string_view>

#include "base/result.h"
#include "source/opcua/services/node_type.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// `21.5`, `true`, any text, `2026-11-23T08:00:00Z`, base64; arrays as `[1, 2, 3]` (JSON). Where the type
/// takes several (builtIn Null) numbers become Double, true and false Boolean, and all else String. The error
/// says what the node takes. With `part` it is what an index range names: one element without brackets is an
/// array of one.
[[nodiscard]] Result<Ua<UA_Variant>> encodeWords(std::string_view text, const NodeType& type,
                                                 NamespaceArray namespaces, bool part = false);

/// `Double`, `Int32`, in any case, for --type; Null where there is no such type.
[[nodiscard]] BuiltInType typeNamed(std::string_view name) noexcept;

}  // namespace tagwire::source::opcua
