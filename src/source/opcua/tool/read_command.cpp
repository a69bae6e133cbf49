// tagwire opcua read: values of nodes, asked for once.

#include <array>
#include <optional>

#include <fmt/format.h>

#include "source/opcua/services/read.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr std::array kOptions{
    OptionSpec{"--max-age", "TIME",
               "take a value that the server has, unless it is older; else it asks the device"},
    OptionSpec{"--range", "RANGE", "of arrays only the elements 2:7, or 0:1,3 in two dimensions"},
};

constexpr std::array<std::string_view, 26> kTypeNames{"",
                                                      "Boolean",
                                                      "SByte",
                                                      "Byte",
                                                      "Int16",
                                                      "UInt16",
                                                      "Int32",
                                                      "UInt32",
                                                      "Int64",
                                                      "UInt64",
                                                      "Float",
                                                      "Double",
                                                      "String",
                                                      "DateTime",
                                                      "Guid",
                                                      "ByteString",
                                                      "XmlElement",
                                                      "NodeId",
                                                      "ExpandedNodeId",
                                                      "StatusCode",
                                                      "QualifiedName",
                                                      "LocalizedText",
                                                      "Structure",
                                                      "DataValue",
                                                      "Variant",
                                                      "DiagnosticInfo"};

std::string typeText(const Value& value) {
    std::string text(kTypeNames.at(static_cast<std::size_t>(value.type())));
    const auto* array = value.getIf<Array>();
    if (array == nullptr) return text;
    if (array->dimensions.empty()) return fmt::format("{}[{}]", text, array->size());
    for (const auto length : array->dimensions) text += fmt::format("[{}]", length);
    return text;
}

Value timeCell(bool has, UA_DateTime time) { return has ? Value(timestampOf(time)) : Value{}; }

CommandResult read(CommandContext& context) {
    auto nodes = parseNodes(context.operands);
    if (!nodes) return tl::unexpected(nodes.error());
    milliseconds maxAge{0};
    if (const auto text = context.arguments.value("--max-age")) {
        const auto age = parseDuration(*text);
        if (!age) return usageError(fmt::format("--max-age: {}", age.error().message));
        maxAge = *age;
    }
    const std::string range(context.arguments.value("--range").value_or(""));

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto& namespaces = connection.info().namespaces();
        std::vector<Row> rows;
        std::vector<ReadItem> items;
        std::vector<std::size_t> rowOf;
        Exit exit = Exit::Done;
        for (const NodeAddress& node : *nodes) {
            rows.push_back({Value(node.text()), {}, {}, {}, {}, {}});
            auto id = resolve(node, namespaces);
            if (!id) {
                rows.back()[3] = Value(statusText(id.error()) + ": the server has no such namespace");
                exit = Exit::Failed;
                continue;
            }
            rowOf.push_back(rows.size() - 1);
            items.push_back({std::move(*id), UA_ATTRIBUTEID_VALUE, range});
        }
        bool answered = false;
        readNodes(connection.client(), connection.info().limits().read, std::move(items), maxAge,
                  [&](ReadOutcomes& outcomes) {
                      for (std::size_t i = 0; i < outcomes.size(); ++i) {
                          Row& row = rows[rowOf[i]];
                          const UA_DataValue& raw = outcomes[i].result;
                          const DataValue value = convert(raw, namespaces, wallClockNow());
                          row[1] = value.value;
                          row[2] = textCell(typeText(value.value));
                          row[3] = Value(statusText(statusOf(outcomes[i])));
                          row[4] = timeCell(raw.hasSourceTimestamp, raw.sourceTimestamp);
                          row[5] = timeCell(raw.hasServerTimestamp, raw.serverTimestamp);
                          if (statusOf(outcomes[i]).isBad()) exit = Exit::Failed;
                      }
                      answered = true;
                  });
        if (const auto ran = connection.runUntil([&] { return answered; }); !ran)
            return failed(ran.error().message);
        context.output.table({{"node", "NODE"},
                              {"value", "VALUE"},
                              {"type", "TYPE"},
                              {"status", "STATUS"},
                              {"sourceTime", "SOURCE TIME"},
                              {"serverTime", "SERVER TIME"}},
                             rows);
        return exit;
    });
}

}  // namespace

Command readCommand() {
    return {
        .name = "read",
        .operands = "NODE...",
        .summary = "Reads the values of nodes",
        .details =
            "Any number of nodes, in calls as large as the server takes them. One that cannot be read says\n"
            "why, and the exit code is 1; the others are read all the same.\n",
        .options = kOptions,
        .minOperands = 1,
        .run = read};
}

}  // namespace tagwire::source::opcua
