/// Mends what verify() calls damaged: `tagwire history repair`. Nothing is removed of which no copy is kept
/// in the same folder. Thread: one; no program may record meanwhile. Lifetime: function.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/time.h"
#include "history/sqlite.h"

namespace tagwire::history {

/// What was done, each in one line; none where nothing was damaged. After an error everything is still there:
/// it can be tried again.
[[nodiscard]] StorageResult<std::vector<std::string>> repair(const std::filesystem::path& folder,
                                                             Timestamp now);

}  // namespace tagwire::history
