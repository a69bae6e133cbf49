// tagwire opcua get: the attributes of a node.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/node_type.h"
#include "source/opcua/services/read.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/values/value_convert.h"

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
        case UA_ATTRIBUTEID_DATATYPE: {
            const auto* id = value.getIf<NodeIdText>();
            if (id == nullptr) return {};
            const auto address = NodeAddress::parse(id->text);
            if (!address) return {};
            const auto known = resolve(*address, {});
            const auto type = known ? standardBuiltInType(known->get()) : BuiltInType::Null;
            return type == BuiltInType::Null ? "" : typeName(type);
        }
        default: return {};
    }
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
        const auto& namespaces = connection.info().namespaces();
        auto resolved = resolveNodes(*nodes, namespaces);
        if (!resolved.unknown.empty())
            return failed(fmt::format("{}: {}", (*nodes)[0].text(), kNoSuchNamespace));
        std::vector<ReadItem> items;
        for (const UA_UInt32 attribute : attributes)
            items.push_back({copyOf(resolved.ids[0].get()), attribute, {}});
        std::vector<Row> rows;
        StatusCode first;
        bool answered = false;
        readNodes(
            connection.client(), connection.info().limits().read, std::move(items),
            std::chrono::milliseconds(0), [&](ReadOutcomes& outcomes) {
                for (std::size_t i = 0; i < outcomes.size(); ++i) {
                    const StatusCode status = statusOf(outcomes[i]);
                    if (i == 0) first = status;
                    // The node's class has no such attribute, or the server is too old to know it.
                    if (all && status.code() == UA_STATUSCODE_BADATTRIBUTEIDINVALID) continue;
                    const Value value = convert(outcomes[i].result, namespaces, wallClockNow()).value;
                    rows.push_back({Value(std::string(kAttributes.at(attributes[i] - 1))), value,
                                    textCell(meaning(attributes[i], value)), Value(statusText(status))});
                }
                answered = true;
            });
        if (const auto ran = connection.runUntil([&] { return answered; }); !ran)
            return failed(ran.error().message);
        if (first.code() == UA_STATUSCODE_BADNODEIDUNKNOWN)
            return failed(fmt::format("{}: the server has no such node", (*nodes)[0].text()));
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
