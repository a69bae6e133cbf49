/// Nodes of the command line, named by id or by browse path. Thread: main. Lifetime: functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "source/opcua/services/server_view.h"
#include "source/opcua/text/browse_path_text.h"
#include "source/opcua/tool/command.h"

namespace tagwire::source::opcua {

/// All of them, or a usage error that names the first wrong one.
[[nodiscard]] Result<std::vector<NodeLocator>, CommandFailure> parseLocators(
    std::span<const std::string_view> words);

/// Where they are at this server, or why the first that cannot be found is not there.
[[nodiscard]] Result<std::vector<NodeAddress>, CommandFailure> locate(Connection& connection,
                                                                      std::span<const NodeLocator> locators);

[[nodiscard]] inline ServerView viewOf(Connection& connection) {
    return viewOf(connection.client(), connection.info());
}

/// `2:Name`, or the name alone in OPC UA's namespace.
[[nodiscard]] std::string nameText(const QualifiedName& name);

}  // namespace tagwire::source::opcua
