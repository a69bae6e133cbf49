/// `tagwire audit`: looks whether the audit log is whole, and prints it.
/// Thread: main. Lifetime: function.
#pragma once

#include <span>
#include <string_view>

namespace tagwire::app {

/// `words` are what follows `audit`. Gives the exit code: 0 the log is whole, 1 it is not, 2 it could not be
/// found out.
[[nodiscard]] int runAuditCommand(std::span<const std::string_view> words);

}  // namespace tagwire::app
