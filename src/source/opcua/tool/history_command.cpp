// tagwire opcua history: what the server has recorded of nodes.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/history_read.h"
#include "source/opcua/tool/commands.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kHistoryOptions{
    OptionSpec{"--from", "TIME",
               "begin: 2026-11-23T08:00:00Z, with +08:00 as well, or -2h; -1h where it is not given"},
    OptionSpec{"--to", "TIME",
               "end; now where it is not given. An end before the begin: the newest come first"},
    OptionSpec{"--max", "COUNT", "of each node; 1000 where it is not given"},
    OptionSpec{"--bounds", "", "also the values at or next to the ends of the range"},
};

constexpr std::uint32_t kDefaultMax = 1'000;
constexpr std::uint32_t kMostValues = 1'000'000;

Result<Timestamp, CommandFailure> timeOption(const Arguments& arguments, std::string_view option,
                                             std::string_view otherwise, Timestamp now) {
    const auto time = parseTime(arguments.value(option).value_or(otherwise), now);
    if (!time) return usageError(fmt::format("{}: {}", option, time.error().message));
    return *time;
}

CommandResult history(CommandContext& context) {
    auto nodes = parseNodes(context.operands);
    if (!nodes) return tl::unexpected(nodes.error());
    const Timestamp now = wallClockNow();
    const auto from = timeOption(context.arguments, "--from", "-1h", now);
    if (!from) return tl::unexpected(from.error());
    const auto to = timeOption(context.arguments, "--to", "now", now);
    if (!to) return tl::unexpected(to.error());
    const auto max = countOption(context.arguments, "--max", kDefaultMax, kMostValues);
    if (!max) return tl::unexpected(max.error());
    const HistoryQuery query{.start = *from,
                             .end = *to,
                             .maxPerNode = *max,
                             .maxOverall = kMostValues,
                             .bounds = context.arguments.has("--bounds")};

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        Exit exit = Exit::Done;
        for (const std::size_t i : resolved.unknown) {
            Output::note(fmt::format("tagwire opcua: {}: {}", (*nodes)[i].text(), kNoSuchNamespace));
            exit = Exit::Failed;
        }
        std::vector<HistoryOutcome> answer;
        bool answered = false;
        const auto reading =
            readHistory(connection.client(), connection.info(), connection.typeReader(), query,
                        std::move(resolved.ids), [&](std::vector<HistoryOutcome>& outcomes) {
                            answer = std::move(outcomes);
                            answered = true;
                        });
        if (const auto ran = connection.runUntil([&] { return answered; }); !ran) {
            reading->cancel();
            return failed(ran.error().message);
        }
        std::vector<Row> rows;
        for (std::size_t n = 0; n < answer.size(); ++n) {
            const std::string node = (*nodes)[resolved.positions[n]].text();
            for (const DataValue& value : answer[n].values)
                rows.push_back(
                    {Value(node), Value(value.sourceTime), value.value, Value(statusText(value.status))});
        }
        context.output.table(
            {{"node", "NODE"}, {"time", "SOURCE TIME"}, {"value", "VALUE"}, {"status", "STATUS"}}, rows);
        for (std::size_t n = 0; n < answer.size(); ++n) {
            const std::string node = (*nodes)[resolved.positions[n]].text();
            if (answer[n].status.isBad()) {
                Output::note(fmt::format("tagwire opcua: {}: {}: {}", node, statusText(answer[n].status),
                                         historyAdvice(answer[n].status)));
                exit = Exit::Failed;
            } else if (answer[n].more) {
                Output::note(fmt::format(
                    "tagwire opcua: {}: there is more; --max takes more, --from begins later", node));
            }
        }
        return exit;
    });
}

}  // namespace

Command historyCommand() {
    return {.name = "history",
            .operands = "NODE...",
            .summary = "Shows what the server has recorded of nodes",
            .details = "Raw values by source time, page by page until --max.\n",
            .options = kHistoryOptions,
            .minOperands = 1,
            .run = history};
}

}  // namespace tagwire::source::opcua
