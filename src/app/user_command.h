/// `tagwire user` and `tagwire token`: who may do what, from the console; also while the server runs.
/// Thread: main. Lifetime: functions.
#pragma once

#include <span>
#include <string_view>

namespace tagwire::app {

/// `words` are what follows `user` or `token`. Give the exit code: 0 it is done, 2 it could not be done.
[[nodiscard]] int runUserCommand(std::span<const std::string_view> words);
[[nodiscard]] int runTokenCommand(std::span<const std::string_view> words);

}  // namespace tagwire::app
