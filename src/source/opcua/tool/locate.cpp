#include "source/opcua/tool/locate.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/browse_path.h"

namespace tagwire::source::opcua {

Result<std::vector<NodeLocator>, CommandFailure> parseLocators(std::span<const std::string_view> words) {
    std::vector<NodeLocator> locators;
    for (const std::string_view word : words) {
        auto locator = parseNodeLocator(word);
        if (!locator) return usageError(locator.error().message);
        locators.push_back(std::move(*locator));
    }
    return locators;
}

Result<std::vector<NodeAddress>, CommandFailure> locate(Connection& connection,
                                                        std::span<const NodeLocator> locators) {
    std::optional<std::vector<LocatedNode>> found;
    locateNodes(viewOf(connection), locators,
                [&](std::vector<LocatedNode> nodes) { found = std::move(nodes); });
    if (const auto ran = connection.runUntil([&] { return found.has_value(); }); !ran)
        return failed(ran.error().message);
    std::vector<NodeAddress> nodes;
    for (std::size_t i = 0; i < found->size(); ++i) {
        const LocatedNode& node = (*found)[i];
        if (node.status.isBad()) {
            return failed(
                fmt::format("{}: {} ({})", textOf(locators[i]), node.reason, statusText(node.status)));
        }
        nodes.push_back(addressOf(node.id.get(), connection.info().namespaces()));
    }
    return nodes;
}

std::string nameText(const QualifiedName& name) {
    return name.namespaceIndex == 0 ? name.name : fmt::format("{}:{}", name.namespaceIndex, name.name);
}

}  // namespace tagwire::source::opcua
