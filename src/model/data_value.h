/// A value with its quality and times, as OPC UA's DataValue (OPC 10000-4, 7.11; picoseconds are not kept).
/// Thread: any. Lifetime: value type.
#pragma once

#include "base/time.h"
#include "model/status_code.h"
#include "model/value.h"

namespace tagwire {

struct DataValue {
    Value value;
    StatusCode status;
    /// When the value arose at its origin; the server time where the source gives none.
    Timestamp sourceTime;
    /// When the server it came from, or Tagwire itself, last confirmed it.
    Timestamp serverTime;

    friend bool operator==(const DataValue&, const DataValue&) = default;
};

}  // namespace tagwire
