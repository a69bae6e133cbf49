/// Values with everything in them: those that mention structures of the server wait until its types are read.
/// Thread: the source's. Lifetime: functions; the reader outlives the answer or drops it.
#pragma once

#include <functional>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// As convert(), of which a type that cannot be read leaves its part of a value opaque. `done` is called
/// once, at once where nothing is to be read, otherwise from TypeReader::tick(); until then `values` stay
/// where they are. `received` is for values without times.
void convertWhole(TypeReader& reader, std::vector<const UA_DataValue*> values, Timestamp received,
                  std::function<void(std::vector<DataValue>&)> done);

}  // namespace tagwire::source::opcua
