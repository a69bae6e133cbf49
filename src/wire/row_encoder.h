/// Rows of data frames: `[h,value,dt,q]` without trailing defaults (docs/protocol.md, Rows). A row is encoded
/// once per change and copied into the frames of all clients. Thread: any. Lifetime: function.
#pragma once

#include <string>

#include "base/time.h"
#include "model/data_value.h"
#include "model/tag_id.h"

namespace tagwire::wire {

/// `dt` is the source time minus `base` in whole milliseconds, each rounded down, so that the frame's `b`
/// plus `dt` is the source time as it is sent elsewhere. Fits EncodeRow of model/change_batch.h.
void appendRow(std::string& out, TagId tag, const DataValue& value, Timestamp base);

}  // namespace tagwire::wire
