/// The commands of `tagwire opcua`. Thread: main. Lifetime: functions.
#pragma once

#include <array>

#include "source/opcua/tool/command.h"

namespace tagwire::source::opcua {

[[nodiscard]] Command acknowledgeCommand();
[[nodiscard]] Command attributesCommand();
[[nodiscard]] Command browseCommand();
[[nodiscard]] Command callCommand();
[[nodiscard]] Command certificatesCommand();
[[nodiscard]] Command confirmCommand();
[[nodiscard]] Command endpointsCommand();
[[nodiscard]] Command eventsCommand();
[[nodiscard]] Command getCommand();
[[nodiscard]] Command historyCommand();
[[nodiscard]] Command infoCommand();
[[nodiscard]] Command metadataCommand();
[[nodiscard]] Command readCommand();
[[nodiscard]] Command rejectCommand();
[[nodiscard]] Command searchCommand();
[[nodiscard]] Command trustCommand();
[[nodiscard]] Command watchCommand();
[[nodiscard]] Command writeCommand();

/// In the order of the help.
inline constexpr std::array kCommands{
    &endpointsCommand, &certificatesCommand, &trustCommand,      &rejectCommand,   &infoCommand,
    &browseCommand,    &searchCommand,       &attributesCommand, &metadataCommand, &readCommand,
    &watchCommand,     &getCommand,          &writeCommand,      &callCommand,     &historyCommand,
    &eventsCommand,    &acknowledgeCommand,  &confirmCommand,
};

}  // namespace tagwire::source::opcua
