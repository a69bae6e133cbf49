#include "source/opcua/tool/command.h"

#include <utility>

namespace tagwire::source::opcua {

Result<std::vector<NodeAddress>, CommandFailure> parseNodes(std::span<const std::string_view> words) {
    std::vector<NodeAddress> nodes;
    nodes.reserve(words.size());
    for (const std::string_view word : words) {
        auto node = NodeAddress::parse(word);
        if (!node) return usageError(node.error().message);
        nodes.push_back(std::move(*node));
    }
    return nodes;
}

CommandResult withConnection(const CommandContext& context,
                             const std::function<CommandResult(Connection&)>& use) {
    const auto connection = Connection::open(context.connection);
    if (!connection) return failed(connection.error().message);
    return use(**connection);
}

}  // namespace tagwire::source::opcua
