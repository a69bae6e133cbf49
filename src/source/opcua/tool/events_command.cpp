// tagwire opcua events, acknowledge, confirm: what happens at a server, and what is done about it.

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/events/condition_methods.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/event_watch.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr std::array kEventOptions{
    OptionSpec{"--count", "COUNT", "end after so many events"},
    OptionSpec{"--for", "TIME", "end after so long; without --count and --for Ctrl-C ends it"},
    OptionSpec{"--severity", "NUMBER", "only events of at least this severity, 1 to 1000"},
};
constexpr std::array kConditionOptions{
    OptionSpec{"--comment", "TEXT", "stored with the condition at the server"},
};

/// Where nobody asked for an end.
constexpr milliseconds kEventsForever = std::chrono::hours(24 * 3650);

const std::vector<Column> kEventColumns{{"time", "TIME", 24},           {"severity", "SEVERITY", 8},
                                        {"source", "SOURCE", 16},       {"message", "MESSAGE", 40},
                                        {"condition", "CONDITION", 24}, {"state", "STATE", 24},
                                        {"refreshed", "REFRESHED", 9},  {"id", "ID", 0}};

/// `active unacked unconfirmed`
std::string stateText(const SourceCondition& condition) {
    std::string text = condition.active.value_or(false) ? "active" : "inactive";
    if (condition.acked) text += *condition.acked ? " acked" : " unacked";
    if (condition.confirmed) text += *condition.confirmed ? " confirmed" : " unconfirmed";
    if (!condition.limitState.empty()) text += " " + condition.limitState;
    return text;
}

std::string stateOf(const EventBatch& batch, const SourceEvent& event) {
    if (event.condition.empty()) return {};
    for (const ConditionChange& change : batch.conditions) {
        if (change.now != nullptr && change.now->event.id == event.id) return stateText(*change.now);
    }
    return "no longer of interest";
}

void print(const Output& output, const EventBatch& batch, std::uint32_t& left) {
    if (batch.overflows > 0) Output::note("tagwire opcua: events were lost on the way");
    for (const SharedSourceEvent& event : batch.events) {
        if (left == 0) return;
        --left;
        output.row(kEventColumns,
                   {Value(event->time), Value(event->severity), textCell(event->sourceName),
                    textCell(event->message.text), textCell(event->condition),
                    textCell(stateOf(batch, *event)), Value(event->refreshed), Value(ByteString{event->id})});
    }
}

CommandResult events(CommandContext& context) {
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    const auto time = durationOption(context.arguments, "--for", kEventsForever);
    if (!time) return tl::unexpected(time.error());
    const auto count = countOption(context.arguments, "--count", kMost, kMost);
    if (!count) return tl::unexpected(count.error());
    const auto severity = countOption(context.arguments, "--severity", 1, 1'000);
    if (!severity) return tl::unexpected(severity.error());
    EventOptions options{
        .enabled = true, .notifiers = {}, .minSeverity = static_cast<std::uint16_t>(*severity)};
    for (const std::string_view operand : context.operands) options.notifiers.emplace_back(operand);
    if (const auto nodes = parseNodes(context.operands); !nodes) return tl::unexpected(nodes.error());

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        std::uint32_t left = *count;
        context.output.headings(kEventColumns);
        EventWatch watch(connection, options,
                         [&](const EventBatch& batch) { print(context.output, batch, left); });
        const auto ran = connection.runFor(*time, [&] { return watch.turn() || left == 0; });
        // Nothing of the watch is called back from here on.
        connection.client().beginClose();
        if (watch.problem().isBad())
            return failed(fmt::format("no events can come: {}", statusText(watch.problem())));
        // Ctrl-C is how one ends it.
        if (!ran && !connection.interrupted()) return failed(ran.error().message);
        return Exit::Done;
    });
}

CommandResult callMethod(CommandContext& context, ConditionMethod method) {
    const auto nodes = parseNodes(context.operands.first(1));
    if (!nodes) return tl::unexpected(nodes.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        EventWatch watch(connection, EventOptions{.enabled = true, .notifiers = {}},
                         [](const EventBatch&) {});
        const ConditionKey key{(*nodes)[0].text(), {}};
        // The server's answer names the present event; without a refresh nothing is known of it.
        const auto ran = connection.runUntil([&] { return watch.turn() || watch.current(); });
        if (!ran) return failed(ran.error().message);
        const auto condition = watch.find(key);
        if (condition == nullptr) {
            connection.client().beginClose();
            return failed(fmt::format("the server has no condition {} of interest now", key.condition));
        }
        if (const auto done = alreadyDone(method, *condition)) {
            connection.client().beginClose();
            return failed(refusalText(method, *done));
        }
        const std::string comment(context.arguments.value("--comment").value_or(""));
        std::optional<ConditionAnswer> answer;
        callConditionMethod(connection.client(), connection.info().namespaces(),
                            {.method = method,
                             .condition = (*nodes)[0],
                             .eventId = condition->event.id,
                             .comment = {"", comment}},
                            [&](const ConditionAnswer& got) { answer = got; });
        const auto called = connection.runUntil([&] { return watch.turn() || answer; });
        connection.client().beginClose();
        if (!called) return failed(called.error().message);
        if (!answer || answer->status.isBad())
            return failed(answer ? answer->message : statusText(watch.problem()));
        return Exit::Done;
    });
}

}  // namespace

Command eventsCommand() {
    return {.name = "events",
            .operands = "[NOTIFIER]...",
            .summary = "Prints the present conditions, then events as they happen",
            .details = "Without a notifier those of the Server object. With --json one object a line.\n",
            .options = kEventOptions,
            .run = events};
}

Command acknowledgeCommand() {
    return {.name = "acknowledge",
            .operands = "CONDITION",
            .summary = "Acknowledges the present state of a condition",
            .details = "`tagwire opcua events` shows the conditions.\n",
            .options = kConditionOptions,
            .minOperands = 1,
            .maxOperands = 1,
            .run = [](CommandContext& context) { return callMethod(context, ConditionMethod::Acknowledge); }};
}

Command confirmCommand() {
    return {.name = "confirm",
            .operands = "CONDITION",
            .summary = "Confirms a condition that was acknowledged",
            .details = "`tagwire opcua events` shows the conditions.\n",
            .options = kConditionOptions,
            .minOperands = 1,
            .maxOperands = 1,
            .run = [](CommandContext& context) { return callMethod(context, ConditionMethod::Confirm); }};
}

}  // namespace tagwire::source::opcua
