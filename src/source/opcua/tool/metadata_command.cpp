// tagwire opcua metadata: what tags of these nodes would know besides their values.

#include <optional>

#include <fmt/format.h>

#include "source/opcua/services/metadata_reader.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/locate.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

const std::vector<Column> kMetadataColumns{{"node", "NODE"},
                                           {"name", "NAME"},
                                           {"type", "TYPE"},
                                           {"unit", "UNIT"},
                                           {"unitId", "UNIT ID"},
                                           {"low", "LOW"},
                                           {"high", "HIGH"},
                                           {"decimals", "DECIMALS"},
                                           {"access", "ACCESS"},
                                           {"labels", "LABELS"},
                                           {"description", "DESCRIPTION"},
                                           {"status", "STATUS"}};

Value typeCell(const NodeMetadata& node) {
    if (node.dataType.empty()) return {};
    return node.type == BuiltInType::Null ? Value(node.dataType) : Value(typeName(node.type));
}

Row rowOf(const NodeAddress& address, const NodeMetadata& node) {
    const auto access = node.access();
    std::vector<std::string> labels;
    labels.reserve(node.labels.size());
    for (const auto& [number, label] : node.labels) labels.push_back(fmt::format("{}={}", number, label));
    const auto& range = node.range ? node.range : node.instrumentRange;
    return {Value(address.text()),
            textCell(node.displayName.text),
            typeCell(node),
            node.units ? textCell(node.units->symbol) : Value{},
            node.units && node.units->unitId != -1 ? Value(node.units->unitId) : Value{},
            range ? Value(range->low) : Value{},
            range ? Value(range->high) : Value{},
            node.decimals ? Value(static_cast<std::int32_t>(*node.decimals)) : Value{},
            !access                    ? Value{}
            : *access == Access::Read  ? Value("read")
            : *access == Access::Write ? Value("write")
                                       : Value("read, write"),
            textCell(fmt::format("{}", fmt::join(labels, ", "))),
            textCell(node.description.text),
            Value(statusText(node.status))};
}

CommandResult metadata(CommandContext& context) {
    const auto locators = parseLocators(context.operands);
    if (!locators) return tl::unexpected(locators.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto addresses = locate(connection, *locators);
        if (!addresses) return tl::unexpected(addresses.error());
        std::vector<Ua<UA_NodeId>> ids;
        for (const NodeAddress& address : *addresses)
            ids.push_back(resolve(address, connection.info().namespaces()).value());
        std::vector<Row> rows;
        std::optional<StatusCode> end;
        Exit exit = Exit::Done;
        readMetadata(viewOf(connection), std::move(ids),
                     {[&](std::size_t first, std::vector<NodeMetadata> nodes) {
                          for (std::size_t i = 0; i < nodes.size(); ++i) {
                              rows.push_back(rowOf((*addresses)[first + i], nodes[i]));
                              if (nodes[i].status.isBad()) exit = Exit::Failed;
                          }
                      },
                      [&](StatusCode status) { end = status; }});
        if (const auto ran = connection.runUntil([&] { return end.has_value(); }); !ran)
            return failed(ran.error().message);
        if (end->isBad()) return failed(statusText(*end));
        context.output.table(kMetadataColumns, rows);
        return exit;
    });
}

}  // namespace

Command metadataCommand() {
    return {.name = "metadata",
            .operands = "NODE...",
            .summary = "Shows types, units, ranges, labels and rights of variables",
            .details = "As tags of the configuration get them. What the server does not have stays empty.\n",
            .options = {},
            .minOperands = 1,
            .run = metadata};
}

}  // namespace tagwire::source::opcua
