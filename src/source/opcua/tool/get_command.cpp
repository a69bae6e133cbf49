// tagwire opcua get: the attributes of a node.

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/variant_access.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/read_answers.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

/// By their numbers from 1 on (OPC 10000-6, A.1).
constexpr std::array<std::string_view, 27> kAttributes{"NodeId",
                                                       "NodeClass",
                                                       "BrowseName",
                                                       "DisplayName",
                                                       "Description",
                                                       "WriteMask",
                                                       "UserWriteMask",
                                                       "IsAbstract",
                                                       "Symmetric",
                                                       "InverseName",
                                                       "ContainsNoLoops",
                                                       "EventNotifier",
                                                       "Value",
                                                       "DataType",
                                                       "ValueRank",
                                                       "ArrayDimensions",
                                                       "AccessLevel",
                                                       "UserAccessLevel",
                                                       "MinimumSamplingInterval",
                                                       "Historizing",
                                                       "Executable",
                                                       "UserExecutable",
                                                       "DataTypeDefinition",
                                                       "RolePermissions",
                                                       "UserRolePermissions",
                                                       "AccessRestrictions",
                                                       "AccessLevelEx"};

template <std::size_t N>
std::string bits(std::uint32_t set, const std::array<std::string_view, N>& names) {
    std::string text;
    for (std::size_t i = 0; i < N; ++i) {
        if ((set >> i & 1U) == 0) continue;
        if (!text.empty()) text += ' ';
        text += names.at(i);
    }
    return text.empty() ? "none" : text;
}

std::string nodeClassName(std::int32_t nodeClass) {
    constexpr std::array<std::string_view, 8> kNames{
        "Object", "Variable", "Method", "ObjectType", "VariableType", "ReferenceType", "DataType", "View"};
    return bits(static_cast<std::uint32_t>(nodeClass), kNames);
}

/// What the number means; empty where it says enough.
std::string meaning(UA_UInt32 attribute, const Value& value) {
    constexpr std::array<std::string_view, 7> kAccess{
        "Read", "Write", "HistoryRead", "HistoryWrite", "SemanticChange", "StatusWrite", "TimestampWrite"};
    switch (attribute) {
        case UA_ATTRIBUTEID_NODECLASS:
            if (const auto* number = value.getIf<std::int32_t>()) return nodeClassName(*number);
            return {};
        case UA_ATTRIBUTEID_ACCESSLEVEL:
        case UA_ATTRIBUTEID_USERACCESSLEVEL:
            if (const auto* level = value.getIf<std::uint8_t>()) return bits(*level, kAccess);
            return {};
        case UA_ATTRIBUTEID_EVENTNOTIFIER:
            if (const auto* level = value.getIf<std::uint8_t>())
                return bits(*level, std::array<std::string_view, 4>{"SubscribeToEvents", "", "HistoryRead",
                                                                    "HistoryWrite"});
            return {};
        case UA_ATTRIBUTEID_VALUERANK:
            if (const auto* rank = value.getIf<std::int32_t>()) {
                if (*rank == -1) return "scalar";
                if (*rank == 1) return "array";
                if (*rank < -1 || *rank == 0) return "scalar or array";
                return fmt::format("{} dimensions", *rank);
            }
            return {};
        default: return {};
    }
}

/// What values of the type are: `Double` for a Duration, `Recipe` for a structure of the server.
Result<std::string, CommandFailure> dataTypeName(Connection& connection, const UA_DataValue& dataType) {
    const auto* id = scalarIn<UA_NodeId>(dataType, UA_TYPES_NODEID);
    if (id == nullptr || UA_NodeId_isNull(id)) return std::string{};
    std::optional<TypeIndex> type;
    connection.typeReader().whenRead(*id, [&](TypeIndex read) { type = read; });
    if (const auto ran = connection.runUntil([&] { return type.has_value(); }); !ran)
        return failed(ran.error().message);
    return typeText({.dataType = *type}, connection.typeReader().types());
}

Result<UA_UInt32, CommandFailure> attributeNamed(std::string_view name) {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    const auto found =
        std::ranges::find_if(kAttributes, [&](auto each) { return std::ranges::equal(name, each, same); });
    if (found == kAttributes.end())
        return usageError(
            fmt::format("there is no attribute '{}'; there are {}", name, fmt::join(kAttributes, ", ")));
    return static_cast<UA_UInt32>(found - kAttributes.begin()) + 1;
}

CommandResult get(CommandContext& context) {
    auto nodes = parseNodes(context.operands.first(1));
    if (!nodes) return tl::unexpected(nodes.error());
    std::vector<UA_UInt32> attributes;
    for (const std::string_view name : context.operands.subspan(1)) {
        const auto attribute = attributeNamed(name);
        if (!attribute) return tl::unexpected(attribute.error());
        attributes.push_back(*attribute);
    }
    const bool all = attributes.empty();
    for (UA_UInt32 i = 1; all && i <= kAttributes.size(); ++i) attributes.push_back(i);

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        if (!resolved.unknown.empty())
            return failed(fmt::format("{}: {}", (*nodes)[0].text(), kNoSuchNamespace));
        std::vector<ReadItem> items;
        for (const UA_UInt32 attribute : attributes)
            items.push_back({copyOf(resolved.ids[0].get()), attribute, {}});
        std::optional<ReadAnswers> answers;
        readNodes(connection.client(), connection.info().limits().read, std::move(items),
                  std::chrono::milliseconds(0), [&](ReadOutcomes& outcomes) { answers.emplace(outcomes); });
        if (const auto ran = connection.runUntil([&] { return answers.has_value(); }); !ran)
            return failed(ran.error().message);
        const auto values = connection.decode(answers->values());
        if (!values) return failed(values.error().message);
        const StatusCode first = answers->status(0);
        if (first.code() == UA_STATUSCODE_BADNODEIDUNKNOWN)
            return failed(fmt::format("{}: the server has no such node", (*nodes)[0].text()));
        std::vector<Row> rows;
        for (std::size_t i = 0; i < values->size(); ++i) {
            // The node's class has no such attribute, or the server is too old to know it.
            const StatusCode status = answers->status(i);
            if (all && status.code() == UA_STATUSCODE_BADATTRIBUTEIDINVALID) continue;
            const Value& value = (*values)[i].value;
            std::string words = meaning(attributes[i], value);
            if (attributes[i] == UA_ATTRIBUTEID_DATATYPE) {
                auto name = dataTypeName(connection, answers->value(i));
                if (!name) return tl::unexpected(name.error());
                words = std::move(*name);
            }
            rows.push_back({Value(std::string(kAttributes.at(attributes[i] - 1))), value, textCell(words),
                            Value(statusText(status))});
        }
        context.output.table(
            {{"attribute", "ATTRIBUTE"}, {"value", "VALUE"}, {"meaning", "MEANING"}, {"status", "STATUS"}},
            rows);
        return first.isBad() ? Exit::Failed : Exit::Done;
    });
}

}  // namespace

Command getCommand() {
    return {
        .name = "get",
        .operands = "NODE [ATTRIBUTE]...",
        .summary = "Shows the attributes of a node",
        .details = "Without names all that the node has: NodeClass, BrowseName, DataType, AccessLevel, ...\n",
        .options = {},
        .minOperands = 1,
        .run = get};
}

}  // namespace tagwire::source::opcua
