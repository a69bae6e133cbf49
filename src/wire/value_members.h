/// The members that tell a value in the answers of HTTP routes: `v`, `q`, `st`, `ts`, `rts`.
/// Thread: any. Lifetime: function.
#pragma once

#include "model/data_value.h"
#include "wire/json_text.h"

namespace tagwire::wire {

void writeValueMembers(ObjectWriter& object, const DataValue& value);

}  // namespace tagwire::wire
