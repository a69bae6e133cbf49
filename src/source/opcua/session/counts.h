/// The counters of a source with the names and texts under which they are shown.
/// Thread: any. Lifetime: functions.
#pragma once

#include <vector>

#include "model/source_diagnostics.h"
#include "source/opcua/subscription/source_counters.h"

namespace tagwire::source::opcua {

[[nodiscard]] std::vector<SourceCount> countsOf(const SourceCounters& counters);

}  // namespace tagwire::source::opcua
