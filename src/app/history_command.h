/// `tagwire history`: what can be done with the record at the console.
/// Thread: main. Lifetime: function.
#pragma once

#include <span>
#include <string_view>

namespace tagwire::app {

/// `words` are what follows `history`. Gives the exit code: 0 all is well, 1 something is damaged, 2 it could
/// not be found out.
[[nodiscard]] int runHistoryCommand(std::span<const std::string_view> words);

}  // namespace tagwire::app
