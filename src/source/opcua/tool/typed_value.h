/// Values as people type them at the console, into what a node or an argument takes.
/// Thread: main. Lifetime: functions.
#pragma once

#include <string_view>

#include "base/result.h"
#include "source/opcua/tool/command.h"
#include "source/opcua/values/value_encode.h"

namespace tagwire::source::opcua {

/// As encodeText(), and for times also what parseTime() takes: `now`, `-2h`, `2026-11-23`. The error ends
/// with an example. With `part` it is what an index range names: one element without brackets is an array of
/// one.
[[nodiscard]] Result<Ua<UA_Variant>> encodeTyped(std::string_view text, const WriteTarget& target,
                                                 StructureTypes& types, bool part = false);

/// The data type that --type names: `Double`, in any case, or the node id of one.
[[nodiscard]] Result<NodeAddress, CommandFailure> typeOption(std::string_view text);

/// The same with its definition, which is read from the server.
[[nodiscard]] Result<TypeIndex, CommandFailure> readType(Connection& connection, const NodeAddress& type);

}  // namespace tagwire::source::opcua
