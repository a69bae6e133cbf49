/// Files that other threads and processes read and write at the same time: whole or not at all, without
/// locks. Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.h"

namespace tagwire {

/// The error names the file and the reason. A file of more than `maxBytes` is one.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& file, std::size_t maxBytes);

/// A password or the like: the same without the line breaks at its end.
[[nodiscard]] Result<std::string> readSecretFile(const std::filesystem::path& file, std::size_t maxBytes);

/// As readFile, and nothing where there is no such file (any more): with others at work in a folder that is
/// none of the errors, and asking afterwards whether it exists is too late.
[[nodiscard]] Result<std::optional<std::string>> readFileIfThere(const std::filesystem::path& file,
                                                                 std::size_t maxBytes);

/// Puts the file in its place in one step, over what was there.
[[nodiscard]] Result<void> replaceFile(const std::filesystem::path& file, std::string_view bytes,
                                       mode_t mode);

/// The same, but only if there is none; false if there is one already.
[[nodiscard]] Result<bool> createFile(const std::filesystem::path& file, std::string_view bytes, mode_t mode);

/// Moves within a file system in one step, over what was there.
[[nodiscard]] Result<void> moveFile(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes the folder and those above it where they are missing.
[[nodiscard]] Result<void> makeFolder(const std::filesystem::path& folder, mode_t mode);

}  // namespace tagwire
