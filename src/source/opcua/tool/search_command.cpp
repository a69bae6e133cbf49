// tagwire opcua search: nodes by a part of their names.

#include <array>
#include <optional>

#include <fmt/format.h>

#include "source/opcua/services/node_search.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/locate.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kSearchOptions{
    OptionSpec{"--below", "NODE", "where to begin; the Objects folder unless given"},
    OptionSpec{"--limit", "N", "hits at most, 1000 unless given"},
    OptionSpec{"--nodes", "N", "nodes to look at, at most; 1000000 unless given"},
    OptionSpec{"--within", "TIME", "give up after this time; 1m unless given"},
};

const std::vector<Column> kSearchColumns{
    {"path", "PATH", 60}, {"class", "CLASS", 10}, {"node", "NODE", 50}, {"displayName", "DISPLAY NAME"}};

CommandResult search(CommandContext& context) {
    SearchRequest request{.text = std::string(context.operands.front())};
    const auto limit =
        parseCount("--limit", context.arguments.value("--limit").value_or("1000"), 1, 1'000'000);
    if (!limit) return usageError(limit.error().message);
    request.maxHits = *limit;
    const auto nodes =
        parseCount("--nodes", context.arguments.value("--nodes").value_or("1000000"), 1, 10'000'000);
    if (!nodes) return usageError(nodes.error().message);
    request.bounds.maxNodes = *nodes;
    const auto within = parseDuration(context.arguments.value("--within").value_or("1m"));
    if (!within) return usageError(fmt::format("--within: {}", within.error().message));
    request.bounds.maxTime = *within;
    const std::array<std::string_view, 1> below{context.arguments.value("--below").value_or("i=85")};
    const auto start = parseLocators(below);
    if (!start) return tl::unexpected(start.error());

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto node = locate(connection, *start);
        if (!node) return tl::unexpected(node.error());
        request.start = node->front();
        context.output.headings(kSearchColumns);
        std::optional<WalkEnd> end;
        const Operation operation =
            searchNodes(viewOf(connection), request,
                        {[&](const std::vector<SearchHit>& hits) {
                             for (const SearchHit& hit : hits) {
                                 context.output.row(
                                     kSearchColumns,
                                     {Value(hit.path), Value(std::string(nodeClassName(hit.node.nodeClass))),
                                      Value(hit.node.node), textCell(hit.node.displayName.text)});
                             }
                         },
                         [&](const WalkEnd& last, const std::string& words) {
                             end = last;
                             if (!words.empty()) Output::note(words + "\n");
                         }});
        if (const auto ran = connection.runUntil([&] { return end.has_value(); }); !ran) {
            operation.cancel();
            return failed(ran.error().message);
        }
        return end->stop == WalkStop::Failed ? Exit::Failed : Exit::Done;
    });
}

}  // namespace

Command searchCommand() {
    return {.name = "search",
            .operands = "TEXT",
            .summary = "Finds nodes by a part of their browse or display names",
            .details =
                "The nearest first, printed as they are found, each with its browse path, which the\n"
                "configuration takes as a node. Upper and lower case of ASCII letters count as the same.\n",
            .options = kSearchOptions,
            .minOperands = 1,
            .maxOperands = 1,
            .run = search};
}

}  // namespace tagwire::source::opcua
