/// The whole tree of a server's items.
/// Thread: the server's. Lifetime: function.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/da_server.h"

namespace tagwire::da {

/// Gets a branch or an item, and the path in which it was found. False: enough is known.
using TellEntry = std::function<bool(const BrowseEntry&, const std::vector<std::string>& path)>;

/// Tells every branch and item, a branch before what is in it. Depth and number are bounded, because servers
/// exist whose branches hold themselves.
[[nodiscard]] Result<void> walkTree(DaServer& server, const TellEntry& tell);

}  // namespace tagwire::da
