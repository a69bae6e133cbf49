/// The files of the audit log: FORMAT.md.
/// Thread: any. Lifetime: functions and value types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"

namespace tagwire::audit {

/// The log's last entry as it was written last: what is missing behind it was taken away.
struct Head {
    std::uint64_t number = 0;
    std::string chain;
};

[[nodiscard]] Result<std::optional<Head>> readHead(const std::filesystem::path& folder);
[[nodiscard]] Result<void> writeHead(const std::filesystem::path& folder, const Head& head);

struct LogFile {
    std::uint64_t first = 0;  ///< the number of its first entry
    std::filesystem::path path;
};

[[nodiscard]] std::filesystem::path pathOfFile(const std::filesystem::path& folder, std::uint64_t first);

/// In the order of their entries. No folder: none.
[[nodiscard]] Result<std::vector<LogFile>> filesOf(const std::filesystem::path& folder);

/// Makes the folder if it is missing, closes it to other accounts, and waits a moment for whoever else
/// writes. The lock goes with the object, or the process.
[[nodiscard]] Result<Descriptor> lockFolder(const std::filesystem::path& folder);

}  // namespace tagwire::audit
