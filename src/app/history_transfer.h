/// `tagwire history export` and `import`: the record as a table, and back.
/// Thread: main; no program may record meanwhile. Lifetime: functions.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tagwire::app {

/// Prints the samples of tags, given by paths or patterns, in [from, to).
[[nodiscard]] Result<void> exportHistory(const std::filesystem::path& folder,
                                         const std::vector<std::string>& tags, Timestamp from, Timestamp to);

/// Puts the samples of a table into the record, all or, where a line is wrong, none. Prints how many.
[[nodiscard]] Result<void> importHistory(const std::filesystem::path& folder,
                                         const std::filesystem::path& file);

}  // namespace tagwire::app
