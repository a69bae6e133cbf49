/// The commands of `tagwire opcua`. Thread: main. Lifetime: functions.
#pragma once

#include <array>

#include "source/opcua/tool/command.h"

namespace tagwire::source::opcua {

[[nodiscard]] Command callCommand();
[[nodiscard]] Command getCommand();
[[nodiscard]] Command historyCommand();
[[nodiscard]] Command infoCommand();
[[nodiscard]] Command readCommand();
[[nodiscard]] Command watchCommand();
[[nodiscard]] Command writeCommand();

/// In the order of the help.
inline constexpr std::array kCommands{
    &infoCommand, &readCommand, &watchCommand, &getCommand, &writeCommand, &callCommand, &historyCommand,
};

}  // namespace tagwire::source::opcua
