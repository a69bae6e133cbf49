/// Options of one OPC UA server: an entry [[opcua]] of the configuration and its tags [[opcua.tags]].
/// Thread: any. Lifetime: value types.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/option.h"
#include "model/deadband.h"
#include "source/opcua/event_options.h"
#include "source/opcua/history_options.h"
#include "source/opcua/security_options.h"
#include "source/opcua/subtree_options.h"
#include "source/opcua/text/asked_address.h"

namespace tagwire {

/// Names of the triggers in the configuration (OPC 10000-4, 7.22.2).
[[nodiscard]] std::span<const OptionName<DataChangeTrigger>> optionNames(DataChangeTrigger trigger) noexcept;

}  // namespace tagwire

namespace tagwire::source::opcua {

/// The normal range of the value in engineering units. Both ends or none.
struct RangeOptions {
    std::optional<double> low;
    std::optional<double> high;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = RangeOptions;
        v.field(&Self::low, {.key = "low", .text = "Lower end of the normal range, in the tag's unit."});
        v.field(&Self::high, {.key = "high", .text = "Upper end of the normal range, in the tag's unit."});
    }

    void check(OptionErrors& errors) const;
};

/// Alarm limits in engineering units, in rising order.
struct LimitOptions {
    std::optional<double> lowLow, low, high, highHigh;
    bool fromServer = true;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = LimitOptions;
        v.field(&Self::lowLow, {.key = "low_low", .text = "Below this the value is critically low."});
        v.field(&Self::low, {.key = "low", .text = "Below this the value is low."});
        v.field(&Self::high, {.key = "high", .text = "Above this the value is high."});
        v.field(&Self::highHigh, {.key = "high_high", .text = "Above this the value is critically high."});
        v.field(&Self::fromServer,
                {.key = "from_server",
                 .text = "Whether the server's limits count where none is given here; false: it has none."});
    }

    void check(OptionErrors& errors) const;
};

struct TagOptions {
    std::string name;
    std::string node;
    std::optional<std::chrono::milliseconds> publishingInterval;
    std::optional<std::chrono::milliseconds> samplingInterval;
    std::optional<std::uint32_t> queueSize;
    std::optional<bool> discardOldest;
    std::optional<double> deadbandAbsolute;
    std::optional<double> deadbandPercent;
    std::optional<DataChangeTrigger> trigger;
    std::string description;
    std::string unit;
    RangeOptions range;
    LimitOptions limits;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = TagOptions;
        v.field(&Self::name, {.key = "name",
                              .text = "Path of the tag below the prefix, levels separated by dots.",
                              .min = 1,
                              .max = 512,
                              .required = true});
        v.field(
            &Self::node,
            {.key = "node",
             .text = "Node id at the server, best with the namespace's URI: "
                     "`nsu=http://plant/;s=Boiler.Temp`. `ns=2;s=Boiler.Temp` breaks when the "
                     "server renumbers its namespaces; `i=2258` is in namespace 0. Or a browse path from the "
                     "root: `/Objects/nsu=http://plant/;Boiler/nsu=http://plant/;Temp`.",
             .min = 1,
             .max = 4096,
             .required = true});
        v.field(&Self::publishingInterval,
                {.key = "publishing_interval_ms",
                 .text = "Instead of the server's publishing_interval_ms. Tags of one interval share a "
                         "subscription, so use few different ones.",
                 .unit = "ms",
                 .min = 10,
                 .max = 3'600'000});
        v.field(&Self::samplingInterval, {.key = "sampling_interval_ms",
                                          .text = "Instead of the server's sampling_interval_ms.",
                                          .unit = "ms",
                                          .min = 0,
                                          .max = 3'600'000});
        v.field(
            &Self::queueSize,
            {.key = "queue_size", .text = "Instead of the server's queue_size.", .min = 1, .max = 100'000});
        v.field(&Self::discardOldest,
                {.key = "discard_oldest", .text = "Instead of the server's discard_oldest."});
        v.field(&Self::deadbandAbsolute,
                {.key = "deadband_absolute",
                 .text = "Changes up to this size are not reported, in the tag's unit.",
                 .min = 0});
        v.field(&Self::deadbandPercent,
                {.key = "deadband_percent",
                 .text = "Changes up to this share of the normal range are not reported.",
                 .unit = "%",
                 .min = 0,
                 .max = 100});
        v.field(&Self::trigger,
                {.key = "trigger",
                 .text = "What counts as a change: the status, the value too, or a new source "
                         "timestamp alone, too."});
        v.field(&Self::description, {.key = "description", .text = "Shown beside the tag.", .max = 1000});
        v.field(&Self::unit,
                {.key = "unit", .text = "Engineering unit as displayed, such as `°C`.", .max = 64});
        v.field(&Self::range, {.key = "range", .text = "Normal range of the value."});
        v.field(&Self::limits, {.key = "limits", .text = "Alarm limits."});
    }

    /// At most one deadband.
    void check(OptionErrors& errors) const;
};

struct OpcUaOptions {
    std::string name;
    std::string endpoint;
    std::vector<std::string> endpoints;
    std::string prefix;
    std::chrono::milliseconds publishingInterval{200};
    std::chrono::milliseconds samplingInterval{200};
    std::uint32_t queueSize = 10;
    bool discardOldest = true;
    std::uint32_t keepAliveCount = 10;
    std::uint32_t lifetimeCount = 100;
    std::optional<double> deadbandAbsolute;
    std::optional<double> deadbandPercent;
    std::chrono::milliseconds requestTimeout{5'000};
    std::chrono::milliseconds sessionTimeout{30'000};
    std::chrono::milliseconds reconnectMin{1'000};
    std::chrono::milliseconds reconnectMax{30'000};
    std::chrono::milliseconds retryFailed{30'000};
    SecurityOptions security;
    EventOptions events;
    HistoryOptions history;
    std::vector<TagOptions> tags;
    std::vector<SubtreeOptions> subtrees;
    std::vector<std::string> writable;

    /// Whose word `endpoint` is; no option. Set by who makes the source.
    AskedBy askedBy = AskedBy::Configuration;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = OpcUaOptions;
        v.field(&Self::name, {.key = "name",
                              .text = "Name of the source, as shown on the pages; unique among all sources.",
                              .min = 1,
                              .max = 64,
                              .required = true});
        v.field(&Self::endpoint, {.key = "endpoint",
                                  .text = "Address of the OPC UA server: `opc.tcp://host:port`.",
                                  .min = 1,
                                  .max = 1024,
                                  .required = true});
        v.field(&Self::endpoints,
                {.key = "endpoints",
                 .text = "Addresses of further servers with the same nodes, for when the first fails or says "
                         "that its service level is below 200. Whenever a connection has to be made the "
                         "first address is tried first; a connection that works is not given up for it.",
                 .max = 16});
        v.field(&Self::prefix,
                {.key = "prefix",
                 .text = "Put before every tag path of this server with a dot; empty for none.",
                 .max = 200});
        v.field(
            &Self::publishingInterval,
            {.key = "publishing_interval_ms",
             .text = "How often the server sends what has changed. Shorter shows changes sooner and costs "
                     "both sides CPU.",
             .unit = "ms",
             .min = 10,
             .max = 3'600'000});
        v.field(&Self::samplingInterval,
                {.key = "sampling_interval_ms",
                 .text = "How often the server looks at the device; 0 is as fast as it can.",
                 .unit = "ms",
                 .min = 0,
                 .max = 3'600'000});
        v.field(&Self::queueSize,
                {.key = "queue_size",
                 .text = "Changes of one tag that the server keeps between two publishings, and during an "
                         "interruption. With 1 only the latest arrives.",
                 .min = 1,
                 .max = 100'000});
        v.field(&Self::discardOldest,
                {.key = "discard_oldest",
                 .text = "Which change the server drops when a tag's queue is full: the "
                         "oldest, or the newest but one."});
        v.field(
            &Self::keepAliveCount,
            {.key = "keep_alive_count",
             .text =
                 "After this many publishing intervals without a change the server says that it is alive. "
                 "When it does not, the tags turn Bad.",
             .min = 1,
             .max = 10'000});
        v.field(&Self::lifetimeCount,
                {.key = "lifetime_count",
                 .text = "After this many publishing intervals without hearing of us the server forgets the "
                         "subscription: an interruption that is shorter loses nothing that fits into the "
                         "queues. At least 3 times keep_alive_count.",
                 .min = 3,
                 .max = 1'000'000});
        v.field(&Self::deadbandAbsolute,
                {.key = "deadband_absolute",
                 .text = "For tags without an own deadband: changes up to this size are "
                         "not reported.",
                 .min = 0});
        v.field(&Self::deadbandPercent,
                {.key = "deadband_percent",
                 .text = "For tags without an own deadband: changes up to this share of "
                         "the normal range are not reported.",
                 .unit = "%",
                 .min = 0,
                 .max = 100});
        v.field(&Self::requestTimeout,
                {.key = "request_timeout_ms",
                 .text = "How long one answer of the server, and each step of connecting, "
                         "may take.",
                 .unit = "ms",
                 .min = 100,
                 .max = 600'000});
        v.field(&Self::sessionTimeout,
                {.key = "session_timeout_ms",
                 .text = "How long the server keeps our session when it does not hear of us; after a longer "
                         "interruption a new one is opened.",
                 .unit = "ms",
                 .min = 1'000,
                 .max = 3'600'000});
        v.field(&Self::reconnectMin, {.key = "reconnect_min_ms",
                                      .text = "Shortest wait before the next attempt to connect.",
                                      .unit = "ms",
                                      .min = 10,
                                      .max = 600'000});
        v.field(&Self::reconnectMax, {.key = "reconnect_max_ms",
                                      .text = "Longest wait before the next attempt to connect.",
                                      .unit = "ms",
                                      .min = 10,
                                      .max = 3'600'000});
        v.field(&Self::retryFailed, {.key = "retry_failed_ms",
                                     .text = "How often tags that the server refused are tried again.",
                                     .unit = "ms",
                                     .min = 100,
                                     .max = 86'400'000});
        v.field(&Self::security,
                {.key = "security",
                 .text = "How the connection is secured, and as which user. Without this table it is "
                         "encrypted, signed and anonymous."});
        v.field(&Self::events, {.key = "events", .text = "Events and alarms of the server."});
        v.field(&Self::history,
                {.key = "history", .text = "What the server's history is used for after an outage."});
        v.field(&Self::tags, {.key = "tags", .text = "The tags to read.", .max = 500'000});
        v.field(&Self::subtrees, {.key = "subtrees",
                                  .text = "Parts of the address space all of whose variables become tags.",
                                  .max = 100});
        v.field(
            &Self::writable,
            {.key = "writable",
             .text = "Tags that may be written, as patterns of their whole paths with the prefix, such as "
                     "`Line1.**.SP`: `*` stands for any characters within one level, `**` as a whole "
                     "level for any number of levels. Without it none may. The server has to let them be "
                     "written, too.",
             .max = 1'000});
    }

    /// The endpoint's address, node ids, patterns and tag paths are well formed, no path twice, counts and
    /// times fit together.
    void check(OptionErrors& errors) const;
};

/// Path of `tag` with the prefix of `server`.
[[nodiscard]] std::string tagPathText(const OpcUaOptions& server, const TagOptions& tag);

/// The tag's own deadband and trigger, or the server's.
[[nodiscard]] Deadband deadbandOf(const OpcUaOptions& server, const TagOptions& tag) noexcept;

}  // namespace tagwire::source::opcua
