/// The commands of tagwire-da-agent.
/// Thread: main. Lifetime: function.
#pragma once

#include <string>
#include <vector>

namespace tagwire::da {

/// 0 when all went well, 1 when the server or an item refused, 2 for words that make no command.
[[nodiscard]] int runTool(const std::vector<std::string>& words);

}  // namespace tagwire::da
