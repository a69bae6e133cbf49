/// The members that tell a value in the answers of HTTP routes: `v`, `q`, `st`, `ts`, `rts`.
/// Thread: any. Lifetime: function.
#pragma once

#include "base/json_text.h"
#include "model/data_value.h"

namespace tagwire::wire {

void writeValueMembers(ObjectWriter& object, const DataValue& value);

}  // namespace tagwire::wire
