/// A value on its way to the gateway.
/// Thread: any. Lifetime: value type.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "link/frames.h"
#include "model/status_code.h"

namespace tagwire::da {

struct OutValue {
    std::string value;  ///< JSON
    ValueShape shape;   ///< Null for a null value
    std::optional<Timestamp> time;
    StatusCode status;
};

}  // namespace tagwire::da
