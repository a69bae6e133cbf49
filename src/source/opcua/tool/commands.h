/// The commands of `tagwire opcua`. Thread: main. Lifetime: functions.
#pragma once

#include <array>

#include "source/opcua/tool/command.h"

namespace tagwire::source::opcua {

[[nodiscard]] Command infoCommand();
[[nodiscard]] Command readCommand();

/// In the order of the help.
inline constexpr std::array kCommands{
    &infoCommand,
    &readCommand,
};

}  // namespace tagwire::source::opcua
