/// The agent as a Windows service: starts with the machine, without anybody logged on.
/// Thread: main. Lifetime: functions.
#pragma once

#include "base/result.h"
#include "bridge/bridge.h"

namespace tagwire::da {

/// Starts with Windows from now on, and is started again where it ends by itself. As LocalService; another
/// account is chosen in services.msc. Needs an administrator.
[[nodiscard]] Result<void> installService(const BridgeOptions& options);
/// Stops it, too.
[[nodiscard]] Result<void> uninstallService();

/// What Windows runs: the bridge until the service is stopped, with what it says in the event log.
[[nodiscard]] Result<void> runService(const BridgeOptions& options);

}  // namespace tagwire::da
