/// Who else on this machine can get at a file.
/// Thread: any. Lifetime: functions.
#pragma once

#include <filesystem>

namespace tagwire {

/// Whether users that are neither the owner nor of the group can read or change it: by its own permissions,
/// and those of all folders above it. False where it is not there.
[[nodiscard]] bool openToOthers(const std::filesystem::path& file);

}  // namespace tagwire
