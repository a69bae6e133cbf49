/// How many files, and so connections, the process may have open.
/// Thread: main, before any other. Lifetime: function.
#pragma once

#include <cstdint>

namespace tagwire::app {

/// Raises the soft limit, which is 1,024 on most systems, to the hard one: every connection is an open file.
/// Warns where that is less than `connections` clients, sources, history and log need together.
void raiseOpenFileLimit(std::uint32_t connections);

}  // namespace tagwire::app
