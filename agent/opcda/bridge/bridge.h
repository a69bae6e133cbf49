/// The agent's work: connects to a gateway, does what it orders, and comes again when the connection is lost.
/// Thread: main. Lifetime: function.
#pragma once

#include <string>

#include "base/result.h"

namespace tagwire::da {

struct BridgeOptions {
    std::string gateway;    ///< wss://host:port
    std::string tokenFile;  ///< its first line is the token
    bool allowPlain = false;
};

/// Until Ctrl-C, or until the console or the session ends. The error: it cannot begin.
[[nodiscard]] Result<void> runBridge(const BridgeOptions& options);

}  // namespace tagwire::da
