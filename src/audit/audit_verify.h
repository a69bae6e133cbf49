/// Follows the chain of hashes over the whole log.
/// Thread: any, also while others write. Lifetime: function.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "model/audit_reader.h"

namespace tagwire::audit {

/// The error: it could not be found out.
[[nodiscard]] Result<AuditVerdict> verifyLog(const std::filesystem::path& folder);

}  // namespace tagwire::audit
