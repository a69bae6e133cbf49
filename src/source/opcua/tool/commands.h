/// The commands of `tagwire opcua`. Thread: main. Lifetime: functions.
#pragma once

#include <array>

#include "source/opcua/tool/command.h"

namespace tagwire::source::opcua {

[[nodiscard]] Command acknowledgeCommand();
[[nodiscard]] Command attributesCommand();
[[nodiscard]] Command browseCommand();
[[nodiscard]] Command callCommand();
[[nodiscard]] Command confirmCommand();
[[nodiscard]] Command eventsCommand();
[[nodiscard]] Command getCommand();
[[nodiscard]] Command historyCommand();
[[nodiscard]] Command infoCommand();
[[nodiscard]] Command metadataCommand();
[[nodiscard]] Command readCommand();
[[nodiscard]] Command searchCommand();
[[nodiscard]] Command watchCommand();
[[nodiscard]] Command writeCommand();

/// In the order of the help.
inline constexpr std::array kCommands{
    &infoCommand,    &browseCommand, &searchCommand,      &attributesCommand, &metadataCommand,
    &readCommand,    &watchCommand,  &getCommand,         &writeCommand,      &callCommand,
    &historyCommand, &eventsCommand, &acknowledgeCommand, &confirmCommand,
};

}  // namespace tagwire::source::opcua
