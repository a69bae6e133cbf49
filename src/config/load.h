/// Loads a configuration: the one place where it is validated.
/// Thread: any. Lifetime: no state.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"
#include "config/problem.h"
#include "config/toml_files.h"

namespace tagwire::config {

using LoadResult = Result<Configuration, std::vector<Problem>>;

/// Sources that were added while the program ran lie in this folder beside the configuration.
inline constexpr std::string_view kAddedSourcesFolder = "sources.d";

/// The folder from which relative names of files count: `path` or the folder it lies in, and the working
/// directory without one.
[[nodiscard]] std::filesystem::path folderOf(const std::optional<std::filesystem::path>& path);

/// `path` is a file, or a directory whose *.toml files are read in the order of their names; without one the
/// defaults hold. The *.toml files of `kAddedSourcesFolder` follow, where there is such a folder. `instead`
/// takes the place of the file that it names, or is read last. On failure every problem found, in the order
/// of files and lines.
[[nodiscard]] LoadResult load(const std::optional<std::filesystem::path>& path,
                              const std::optional<TomlText>& instead = std::nullopt);

/// The same from memory.
[[nodiscard]] LoadResult loadTexts(const std::vector<TomlText>& texts);

}  // namespace tagwire::config
