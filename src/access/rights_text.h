/// What somebody may do, as the audit log keeps it: before a change and after.
/// Thread: any. Lifetime: functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/access_services.h"

namespace tagwire::access {

/// JSON.
[[nodiscard]] std::string rightsText(Role role, const std::vector<std::string>& read,
                                     const std::vector<std::string>& write, std::optional<bool> disabled);
[[nodiscard]] std::string rightsText(const UserRecord& user);

}  // namespace tagwire::access
