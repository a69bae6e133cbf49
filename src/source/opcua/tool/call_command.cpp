// tagwire opcua call: a method with its inputs, and its outputs by name.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/method_call.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/typed_value.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kCallOptions{
    OptionSpec{"--arguments", "", "show which inputs and outputs the method has, and do not call it"},
};

void describe(const CallOutcome& outcome, const StructureTypes& types, const Output& output) {
    std::vector<Row> rows;
    for (const auto* list : {&outcome.inputs, &outcome.outputs}) {
        const bool isInput = list == &outcome.inputs;
        for (const MethodArgument& argument : *list) {
            rows.push_back({Value(isInput ? "input" : "output"), textCell(argument.name),
                            Value(typeText(argument.type, types)), textCell(argument.description),
                            textCell(isInput ? exampleText(argument.type, types) : std::string{})});
        }
    }
    output.table({{"direction", ""},
                  {"name", "NAME"},
                  {"type", "TYPE"},
                  {"description", "DESCRIPTION"},
                  {"example", "EXAMPLE"}},
                 rows);
}

CommandResult show(CallOutcome& outcome, Connection& connection, const Output& output) {
    std::vector<Ua<UA_DataValue>> results(outcome.results.size());
    std::vector<const UA_DataValue*> encoded;
    for (std::size_t i = 0; i < results.size(); ++i) {
        results[i]->hasValue = true;
        std::swap(results[i]->value, outcome.results[i]);
        encoded.push_back(&results[i].get());
    }
    const auto decoded = connection.decode(std::move(encoded));
    if (!decoded) return failed(decoded.error().message);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < decoded->size(); ++i) {
        const Value& value = (*decoded)[i].value;
        const std::string name = i < outcome.outputs.size() ? outcome.outputs[i].name : fmt::format("{}", i);
        rows.push_back({Value(name), value, textCell(typeOfValue(value))});
    }
    if (rows.empty() && !output.json()) {
        Output::note(fmt::format("{}: the method ran and has no outputs", statusText(outcome.status)));
        return Exit::Done;
    }
    output.table({{"output", "OUTPUT"}, {"value", "VALUE"}, {"type", "TYPE"}}, rows);
    return Exit::Done;
}

CommandResult call(CommandContext& context) {
    auto nodes = parseNodes(context.operands.first(2));
    if (!nodes) return tl::unexpected(nodes.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        if (!resolved.unknown.empty())
            return failed(fmt::format("{}: {}", (*nodes)[resolved.unknown[0]].text(), kNoSuchNamespace));
        std::vector<CallItem> items(1);
        items[0].object = std::move(resolved.ids[0]);
        items[0].method = std::move(resolved.ids[1]);
        items[0].describeOnly = context.arguments.has("--arguments");
        for (const std::string_view text : context.operands.subspan(2)) {
            items[0].inputs.emplace_back([text](const WriteTarget& target, StructureTypes& types) {
                return encodeTyped(text, target, types);
            });
        }
        const bool describeOnly = items[0].describeOnly;
        std::vector<CallOutcome> answer;
        callMethods(connection.client(), connection.info().limits(), connection.typeReader(),
                    std::move(items),
                    [&](std::vector<CallOutcome>& outcomes) { answer = std::move(outcomes); });
        const auto ran = connection.runUntil([&] { return !answer.empty(); });
        if (!ran) return failed(ran.error().message);
        CallOutcome& outcome = answer[0];
        if (outcome.status.isBad())
            return failed(fmt::format("{}: {}", statusText(outcome.status), outcome.message));
        if (!describeOnly) return show(outcome, connection, context.output);
        describe(outcome, connection.typeReader().types(), context.output);
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
            "Inputs are written as for `write`; the method is asked first which it has and of what type.\n"
            "--arguments shows an example of each.\n",
        .options = kCallOptions,
        .minOperands = 2,
        .run = call};
}

}  // namespace tagwire::source::opcua
