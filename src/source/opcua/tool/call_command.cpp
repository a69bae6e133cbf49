// tagwire opcua call: a method with its inputs, and its outputs by name.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/method_call.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/value_words.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kCallOptions{
    OptionSpec{"--arguments", "", "show which inputs and outputs the method has, and do not call it"},
};

void describe(const CallOutcome& outcome, const Output& output) {
    std::vector<Row> rows;
    for (const auto* list : {&outcome.inputs, &outcome.outputs}) {
        for (const MethodArgument& argument : *list) {
            rows.push_back({Value(list == &outcome.inputs ? "input" : "output"), textCell(argument.name),
                            Value(typeText(argument.type)), textCell(argument.description)});
        }
    }
    output.table({{"direction", ""}, {"name", "NAME"}, {"type", "TYPE"}, {"description", "DESCRIPTION"}},
                 rows);
}

void show(CallOutcome& outcome, const Output& output, const std::vector<std::string>& namespaces) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        Ua<UA_DataValue> holder;
        holder->hasValue = true;
        std::swap(holder->value, outcome.results[i]);
        Value value = convert(holder.get(), namespaces, wallClockNow()).value;
        const auto type = textCell(typeOfValue(value));
        const std::string name = i < outcome.outputs.size() ? outcome.outputs[i].name : fmt::format("{}", i);
        rows.push_back({Value(name), std::move(value), type});
    }
    if (rows.empty() && !output.json()) {
        Output::note(fmt::format("{}: the method ran and has no outputs", statusText(outcome.status)));
        return;
    }
    output.table({{"output", "OUTPUT"}, {"value", "VALUE"}, {"type", "TYPE"}}, rows);
}

CommandResult call(CommandContext& context) {
    auto nodes = parseNodes(context.operands.first(2));
    if (!nodes) return tl::unexpected(nodes.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto& namespaces = connection.info().namespaces();
        auto resolved = resolveNodes(*nodes, namespaces);
        if (!resolved.unknown.empty())
            return failed(fmt::format("{}: {}", (*nodes)[resolved.unknown[0]].text(), kNoSuchNamespace));
        std::vector<CallItem> items(1);
        items[0].object = std::move(resolved.ids[0]);
        items[0].method = std::move(resolved.ids[1]);
        items[0].describeOnly = context.arguments.has("--arguments");
        for (const std::string_view text : context.operands.subspan(2)) {
            items[0].inputs.emplace_back(
                [&namespaces, text](const NodeType& type) { return encodeWords(text, type, namespaces); });
        }
        const bool describeOnly = items[0].describeOnly;
        std::vector<CallOutcome> answer;
        callMethods(connection.client(), connection.info().limits(), std::move(items),
                    [&](std::vector<CallOutcome>& outcomes) { answer = std::move(outcomes); });
        const auto ran = connection.runUntil([&] { return !answer.empty(); });
        if (!ran) return failed(ran.error().message);
        CallOutcome& outcome = answer[0];
        if (outcome.status.isBad())
            return failed(fmt::format("{}: {}", statusText(outcome.status), outcome.message));
        if (describeOnly) {
            describe(outcome, context.output);
        } else {
            show(outcome, context.output, namespaces);
        }
        return Exit::Done;
    });
}

}  // namespace

Command callCommand() {
    return {
        .name = "call",
        .operands = "OBJECT METHOD [INPUT]...",
        .summary = "Calls a method of an object",
        .details =
            "Inputs are written as for `write`; the method is asked first which it has and of what type.\n",
        .options = kCallOptions,
        .minOperands = 2,
        .run = call};
}

}  // namespace tagwire::source::opcua
