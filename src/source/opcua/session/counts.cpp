#include "source/opcua/session/counts.h"

#include <array>

namespace tagwire::source::opcua {
namespace {

struct Row {
    const Counter SourceCounters::* counter;
    std::string_view name;
    std::string_view help;
};

constexpr std::array kRows{
    Row{&SourceCounters::attempts, "source_connect_attempts_total",
        "Connections to the server that were tried."},
    Row{&SourceCounters::sessions, "source_sessions_total", "Sessions that were opened."},
    Row{&SourceCounters::reconnects, "source_reconnects_total",
        "Sessions that were opened after the first one."},
    Row{&SourceCounters::sessionsResumed, "source_sessions_resumed_total",
        "Sessions that went on over a new connection, with all they had."},
    Row{&SourceCounters::subscriptionsCreated, "source_subscriptions_created_total",
        "Subscriptions that were created."},
    Row{&SourceCounters::subscriptionsTransferred, "source_subscriptions_transferred_total",
        "Subscriptions that were taken over from a connection that broke."},
    Row{&SourceCounters::subscriptionsRemade, "source_subscriptions_remade_total",
        "Subscriptions that were silent or ended by the server and made anew."},
    Row{&SourceCounters::publishResponses, "source_publish_responses_total", "Answers to PublishRequests."},
    Row{&SourceCounters::keepAlives, "source_keep_alives_total",
        "Answers that only said that nothing changed."},
    Row{&SourceCounters::republished, "source_messages_republished_total",
        "Notification messages that were missing, asked for again and came."},
    Row{&SourceCounters::messagesLost, "source_messages_lost_total",
        "Notification messages that never came, with all their values."},
    Row{&SourceCounters::messagesRepeated, "source_messages_repeated_total",
        "Notification messages that came twice; the second was dropped."},
    Row{&SourceCounters::values, "source_values_total", "Values that the server sent."},
    Row{&SourceCounters::overflows, "source_values_overflow_total",
        "Values with the overflow bit: the server dropped others before them."},
    Row{&SourceCounters::strayValues, "source_values_stray_total",
        "Values for items that are not, or no longer, asked for."},
    Row{&SourceCounters::itemsRefused, "source_items_refused_total",
        "Refusals of single items by the server."},
    Row{&SourceCounters::historyValues, "source_history_values_total",
        "Values of an outage that were read from the server's history afterwards."},
    Row{&SourceCounters::historyFilled, "source_history_gaps_filled_total",
        "Outages of single items that the server's history filled without a hole."},
    Row{&SourceCounters::historyIncomplete, "source_history_gaps_incomplete_total",
        "Outages of single items of which the server's history did not give everything."},
    Row{&SourceCounters::commandsRefused, "source_commands_refused_total",
        "Requests that found the source's queue full."},
};

}  // namespace

std::vector<SourceCount> countsOf(const SourceCounters& counters) {
    std::vector<SourceCount> counts;
    counts.reserve(kRows.size() + 4);
    for (const Row& row : kRows) {
        counts.push_back({.name = row.name,
                          .help = row.help,
                          .counter = true,
                          .value = static_cast<double>((counters.*row.counter).value())});
    }
    return counts;
}

}  // namespace tagwire::source::opcua
