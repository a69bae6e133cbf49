// tagwire opcua write: values into nodes, with what they read afterwards.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/write.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/value_words.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kWriteOptions{
    OptionSpec{"--type", "TYPE", "for nodes that take several types: Double, Int32, String, ..."},
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
    BuiltInType asked = BuiltInType::Null;
    if (const auto text = context.arguments.value("--type")) {
        asked = typeNamed(*text);
        if (asked == BuiltInType::Null)
            return usageError(fmt::format(
                "--type: there is no type '{}'; write Boolean, Int32, Double, String, ...", *text));
    }
    const std::string range(context.arguments.value("--range").value_or(""));

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto& namespaces = connection.info().namespaces();
        std::vector<Row> rows;
        for (const NodeAddress& node : *nodes) rows.push_back({Value(node.text()), {}, {}, {}, {}});
        auto resolved = resolveNodes(*nodes, namespaces);
        for (const std::size_t i : resolved.unknown) rows[i][4] = textCell(kNoSuchNamespace);
        Exit exit = resolved.unknown.empty() ? Exit::Done : Exit::Failed;
        std::vector<WriteItem> items;
        for (std::size_t n = 0; n < resolved.ids.size(); ++n) {
            const std::string_view text = texts[resolved.positions[n]];
            items.push_back(
                {std::move(resolved.ids[n]), range, [&namespaces, &range, asked, text](const NodeType& type) {
                     NodeType wanted;
                     wanted.builtIn = asked != BuiltInType::Null ? asked : type.builtIn;
                     wanted.valueRank = type.valueRank;
                     wanted.dimensions = type.dimensions;
                     return encodeWords(text, wanted, namespaces, !range.empty());
                 }});
        }
        bool answered = false;
        writeNodes(connection.client(), connection.info().limits(), std::move(items),
                   [&](std::vector<WriteOutcome>& outcomes) {
                       for (std::size_t n = 0; n < outcomes.size(); ++n) {
                           const WriteOutcome& outcome = outcomes[n];
                           Row& row = rows[resolved.positions[n]];
                           row[1] = Value(statusText(outcome.status));
                           const DataValue now = convert(outcome.readBack.get(), namespaces, wallClockNow());
                           row[2] = now.value;
                           row[3] = textCell(typeOfValue(now.value));
                           row[4] = textCell(outcome.message);
                           if (outcome.status.isBad()) exit = Exit::Failed;
                       }
                       answered = true;
                   });
        if (const auto ran = connection.runUntil([&] { return answered; }); !ran)
            return failed(ran.error().message);
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
            "2026-11-23T08:00:00Z, base64 for ByteString, [1, 2, 3] for arrays. What does not fit is not\n"
            "written and says why.\n",
        .options = kWriteOptions,
        .minOperands = 2,
        .run = writeValues};
}

}  // namespace tagwire::source::opcua
