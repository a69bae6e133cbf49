#include "source/opcua/tool/command.h"

#include <utility>

#include <fmt/format.h>

#include "source/opcua/values/type_words.h"

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

ResolvedNodes resolveNodes(const std::vector<NodeAddress>& nodes, NamespaceArray namespaces) {
    ResolvedNodes resolved;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (auto id = resolve(nodes[i], namespaces)) {
            resolved.ids.push_back(std::move(*id));
            resolved.positions.push_back(i);
        } else {
            resolved.unknown.push_back(i);
        }
    }
    return resolved;
}

Result<std::chrono::milliseconds, CommandFailure> durationOption(const Arguments& arguments,
                                                                 std::string_view option,
                                                                 std::chrono::milliseconds otherwise) {
    const auto text = arguments.value(option);
    if (!text) return otherwise;
    const auto duration = parseDuration(*text);
    if (!duration) return usageError(fmt::format("{}: {}", option, duration.error().message));
    return *duration;
}

Result<std::uint32_t, CommandFailure> countOption(const Arguments& arguments, std::string_view option,
                                                  std::uint32_t otherwise, std::uint32_t max) {
    const auto text = arguments.value(option);
    if (!text) return otherwise;
    const auto count = parseCount(option, *text, 1, max);
    if (!count) return usageError(count.error().message);
    return *count;
}

std::string typeOfValue(const Value& value) {
    if (value.isNull()) return {};
    const auto* array = value.getIf<Array>();
    std::string text = typeName(value.type());
    if (array == nullptr) return text;
    if (array->dimensions.empty()) return fmt::format("{}[{}]", text, array->size());
    for (const auto length : array->dimensions) text += fmt::format("[{}]", length);
    return text;
}

CommandResult withConnection(const CommandContext& context,
                             const std::function<CommandResult(Connection&)>& use) {
    const auto connection = Connection::open(context.connection);
    if (!connection) return failed(connection.error().message);
    return use(**connection);
}

}  // namespace tagwire::source::opcua
