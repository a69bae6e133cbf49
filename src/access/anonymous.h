/// Whom somebody is taken for who shows neither session nor token.
/// Thread: any. Lifetime: function.
#pragma once

#include "access/options.h"
#include "access/principal.h"

namespace tagwire::access {

/// `local`: the connection comes from this machine, and no proxy forwarded it. `hasUsers` as in
/// AccessServices.
[[nodiscard]] Principal somebodyUnknown(const AccessOptions& options, bool local, bool hasUsers);

}  // namespace tagwire::access
