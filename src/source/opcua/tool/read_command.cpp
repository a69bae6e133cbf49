// tagwire opcua read: values of nodes, asked for once.

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/read_answers.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kReadOptions{
    OptionSpec{"--max-age", "TIME",
               "take a value that the server has, unless it is older; else it asks the device"},
    OptionSpec{"--range", "RANGE", "of arrays only the elements 2:7, or 0:1,3 in two dimensions"},
};

Value timeCell(bool has, UA_DateTime time) { return has ? Value(timestampOf(time)) : Value{}; }

CommandResult readValues(CommandContext& context) {
    auto nodes = parseNodes(context.operands);
    if (!nodes) return tl::unexpected(nodes.error());
    const auto maxAge = durationOption(context.arguments, "--max-age", std::chrono::milliseconds(0));
    if (!maxAge) return tl::unexpected(maxAge.error());
    const std::string range(context.arguments.value("--range").value_or(""));

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        std::vector<Row> rows;
        for (const NodeAddress& node : *nodes) rows.push_back({Value(node.text()), {}, {}, {}, {}, {}});
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        for (const std::size_t i : resolved.unknown) rows[i][3] = textCell(kNoSuchNamespace);
        Exit exit = resolved.unknown.empty() ? Exit::Done : Exit::Failed;
        std::vector<ReadItem> items;
        for (auto& id : resolved.ids) items.push_back({std::move(id), UA_ATTRIBUTEID_VALUE, range});
        std::optional<ReadAnswers> answers;
        readNodes(connection.client(), connection.info().limits().read, std::move(items), *maxAge,
                  [&](ReadOutcomes& outcomes) { answers.emplace(outcomes); });
        if (const auto ran = connection.runUntil([&] { return answers.has_value(); }); !ran)
            return failed(ran.error().message);
        const auto values = connection.decode(answers->values());
        if (!values) return failed(values.error().message);
        for (std::size_t i = 0; i < values->size(); ++i) {
            Row& row = rows[resolved.positions[i]];
            const UA_DataValue& raw = answers->value(i);
            const Value& value = (*values)[i].value;
            row[1] = value;
            row[2] = textCell(typeOfValue(value));
            row[3] = Value(statusText(answers->status(i)));
            row[4] = timeCell(raw.hasSourceTimestamp, raw.sourceTimestamp);
            row[5] = timeCell(raw.hasServerTimestamp, raw.serverTimestamp);
            if (answers->status(i).isBad()) exit = Exit::Failed;
        }
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
        .options = kReadOptions,
        .minOperands = 1,
        .run = readValues};
}

}  // namespace tagwire::source::opcua
