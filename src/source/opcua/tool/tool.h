/// `tagwire opcua COMMAND ENDPOINT …`: what an engineer asks a server at the console before configuring
/// anything. Thread: main, before any other is started. Lifetime: function.
#pragma once

#include <span>
#include <string_view>

namespace tagwire::source::opcua {

/// `words` are those after `opcua`. Returns the exit code: 0 done, 1 the server cannot be reached or refused
/// something, 2 the command line is wrong.
[[nodiscard]] int runTool(std::span<const std::string_view> words);

}  // namespace tagwire::source::opcua
