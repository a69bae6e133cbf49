/// What a server says of an item, as it goes to the gateway.
/// Thread: any. Lifetime: function.
#pragma once

#include "client/da_server.h"
#include "link/out_value.h"

namespace tagwire::da {

[[nodiscard]] OutValue outValueOf(const ItemReading& reading);

}  // namespace tagwire::da
