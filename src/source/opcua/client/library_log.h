/// open62541's log, as debug lines of the module "opcua".
/// Thread: any. Lifetime: the returned logger outlives the client it is given to; nothing is to be freed.
#pragma once

#include <open62541/plugin/log.h>

namespace tagwire::source::opcua {

[[nodiscard]] UA_Logger libraryLogger() noexcept;

}  // namespace tagwire::source::opcua
