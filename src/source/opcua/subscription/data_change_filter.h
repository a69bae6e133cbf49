/// What servers are asked to leave out of the changes of a value (OPC 10000-4, 7.22.2).
/// Thread: any. Lifetime: functions.
#pragma once

#include <open62541/types_generated.h>

#include "model/deadband.h"
#include "model/status_code.h"

namespace tagwire::source::opcua {

/// False where the filter would say what servers do without one.
[[nodiscard]] bool needsFilter(const Deadband& deadband) noexcept;

[[nodiscard]] UA_DataChangeFilter filterOf(const Deadband& deadband) noexcept;

/// The server takes no filter, not this one, or not for this node.
[[nodiscard]] bool isFilterRefused(StatusCode status) noexcept;

}  // namespace tagwire::source::opcua
