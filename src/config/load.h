/// Loads a configuration: the one place where it is validated.
/// Thread: any. Lifetime: no state.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"
#include "config/problem.h"
#include "config/toml_files.h"

namespace tagwire::config {

using LoadResult = Result<Configuration, std::vector<Problem>>;

/// `path` is a file, or a directory whose *.toml files are read in the order of their names. On failure every
/// problem found, in the order of files and lines.
[[nodiscard]] LoadResult load(const std::filesystem::path& path);

/// The same from memory.
[[nodiscard]] LoadResult loadTexts(const std::vector<TomlText>& texts);

}  // namespace tagwire::config
