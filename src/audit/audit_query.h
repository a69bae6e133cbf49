/// Answers questions about the log from its files, the latest entries first, without reading more than it has
/// to.
/// Thread: any, also while others write. Lifetime: function.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "model/audit_reader.h"

namespace tagwire::audit {

inline constexpr std::size_t kMaxPageEntries = 1000;

/// Lines that are no entries are left out: verify() names them.
[[nodiscard]] Result<AuditPage> readPage(const std::filesystem::path& folder, const AuditQuestion& question);

}  // namespace tagwire::audit
