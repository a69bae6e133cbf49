/// The whole tree of a server's items.
/// Thread: the server's. Lifetime: function.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "client/da_server.h"

namespace tagwire::da {

/// Tells every branch and item, a branch before what is in it. Depth and number are bounded, because servers
/// exist whose branches hold themselves.
[[nodiscard]] Result<void> walkTree(DaServer& server,
                                    const std::function<void(const BrowseEntry&, std::size_t depth)>& tell);

}  // namespace tagwire::da
