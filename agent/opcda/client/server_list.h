/// Which OPC DA servers are installed.
/// Thread: any with COM. Lifetime: functions.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "com/platform.h"

namespace tagwire::da {

struct InstalledServer {
    std::string progId;
    std::string title;
    std::string clsid;  ///< "{…}"
    friend bool operator==(const InstalledServer&, const InstalledServer&) = default;
};

/// From OpcEnum where it is there, and from the categories in the registry; each server once, by ProgID.
[[nodiscard]] Result<std::vector<InstalledServer>> installedServers();

/// A ProgID, or a CLSID in braces.
[[nodiscard]] Result<CLSID> classOf(const std::string& name);

}  // namespace tagwire::da
