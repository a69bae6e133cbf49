/// The agent's work: connects to a gateway, does what it orders, and comes again when the connection is lost.
/// Thread: main. Lifetime: function.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace tagwire::da {

struct BridgeOptions {
    std::string gateway;    ///< wss://host:port
    std::string tokenFile;  ///< its first line is the token
    bool allowPlain = false;
    std::string gatewaySha256;  ///< of the one certificate that is trusted; empty: what Windows trusts
    /// Folder for values of a time without a gateway; empty: they wait in memory alone.
    std::string keepFolder;
    std::uint32_t keepMegabytes = 64;  ///< of them, at most
};

/// Gets a line for people. Thread: the bridge's.
using Log = std::function<void(const std::string&)>;

/// Whether address and token file can be used.
[[nodiscard]] Result<void> checkBridge(const BridgeOptions& options);

/// Until it is stopped. The error: it cannot begin.
[[nodiscard]] Result<void> runBridge(const BridgeOptions& options, const std::stop_token& stop,
                                     const Log& log);

/// The same at a console: until Ctrl-C, or until the console ends.
[[nodiscard]] Result<void> runBridgeAtConsole(const BridgeOptions& options);

}  // namespace tagwire::da
