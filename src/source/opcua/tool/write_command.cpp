// tagwire opcua write: values into nodes, with what they read afterwards.

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/write.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/typed_value.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kWriteOptions{
    OptionSpec{"--type", "TYPE",
               "for nodes that take several types: Double, Int32, String, ..., or a data type's node id"},
    OptionSpec{"--range", "RANGE", "write only the elements 2:7 of an array"},
};

CommandResult writeValues(CommandContext& context) {
    std::vector<std::string_view> names;
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < context.operands.size(); ++i)
        (i % 2 == 0 ? names : texts).push_back(context.operands[i]);
    if (names.size() != texts.size())
        return usageError(fmt::format("there is no value for {}", names.back()));
    auto nodes = parseNodes(names);
    if (!nodes) return tl::unexpected(nodes.error());
    std::optional<NodeAddress> asked;
    if (const auto text = context.arguments.value("--type")) {
        auto type = typeOption(*text);
        if (!type) return tl::unexpected(type.error());
        asked = std::move(*type);
    }
    const std::string range(context.arguments.value("--range").value_or(""));

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        std::vector<Row> rows;
        for (const NodeAddress& node : *nodes) rows.push_back({Value(node.text()), {}, {}, {}, {}});
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        for (const std::size_t i : resolved.unknown) rows[i][4] = textCell(kNoSuchNamespace);
        Exit exit = resolved.unknown.empty() ? Exit::Done : Exit::Failed;
        std::optional<TypeIndex> type;
        if (asked) {
            const auto read = readType(connection, *asked);
            if (!read) return tl::unexpected(read.error());
            type = *read;
        }
        std::vector<WriteItem> items;
        for (std::size_t n = 0; n < resolved.ids.size(); ++n) {
            const std::string_view text = texts[resolved.positions[n]];
            items.push_back({std::move(resolved.ids[n]), range,
                             [&range, type, text](const WriteTarget& target, StructureTypes& types) {
                                 WriteTarget wanted = target;
                                 if (type) wanted.dataType = *type;
                                 return encodeTyped(text, wanted, types, !range.empty());
                             }});
        }
        std::optional<std::vector<WriteOutcome>> outcomes;
        writeNodes(connection.client(), connection.info().limits(), connection.typeReader(), std::move(items),
                   [&](std::vector<WriteOutcome>& all) { outcomes = std::move(all); });
        if (const auto ran = connection.runUntil([&] { return outcomes.has_value(); }); !ran)
            return failed(ran.error().message);
        std::vector<const UA_DataValue*> readBack;
        for (const WriteOutcome& outcome : *outcomes) readBack.push_back(&outcome.readBack.get());
        const auto now = connection.decode(std::move(readBack));
        if (!now) return failed(now.error().message);
        for (std::size_t n = 0; n < outcomes->size(); ++n) {
            const WriteOutcome& outcome = (*outcomes)[n];
            const Value& value = (*now)[n].value;
            Row& row = rows[resolved.positions[n]];
            row[1] = Value(statusText(outcome.status));
            row[2] = value;
            row[3] = textCell(typeOfValue(value));
            row[4] = textCell(outcome.message);
            if (outcome.status.isBad()) exit = Exit::Failed;
        }
        context.output.table({{"node", "NODE"},
                              {"status", "STATUS"},
                              {"value", "READS NOW"},
                              {"type", "TYPE"},
                              {"message", "NOTE"}},
                             rows);
        return exit;
    });
}

}  // namespace

Command writeCommand() {
    return {
        .name = "write",
        .operands = "NODE VALUE [NODE VALUE]...",
        .summary = "Writes values and shows what the nodes read afterwards",
        .details =
            "Each node is asked first what it takes, and the value made to fit: 21.5, true, any text,\n"
            "2026-11-23T08:00:00Z, base64 for ByteString, the name or number of an enumeration's value,\n"
            "[1, 2, 3] for arrays, [[1, 2], [3, 4]] for matrices, {\"X\": 1, \"Y\": 2} for structures. What\n"
            "does not fit is not written and says what would.\n",
        .options = kWriteOptions,
        .minOperands = 2,
        .run = writeValues};
}

}  // namespace tagwire::source::opcua
