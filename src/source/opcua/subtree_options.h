/// Options of tags that follow a server's address space: [[opcua.subtrees]].
/// Thread: any. Lifetime: value types.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/option.h"
#include "model/deadband.h"

namespace tagwire::source::opcua {

/// All variables below one node become tags, named by their browse names.
struct SubtreeOptions {
    std::string node;
    std::string name;
    std::vector<std::string> include;
    std::vector<std::string> exclude;
    std::uint32_t maxDepth = 16;
    std::uint32_t maxTags = 100'000;
    bool properties = false;
    std::chrono::milliseconds rescan{300'000};
    std::optional<std::chrono::milliseconds> samplingInterval;
    std::optional<std::uint32_t> queueSize;
    std::optional<bool> discardOldest;
    std::optional<double> deadbandAbsolute;
    std::optional<double> deadbandPercent;
    std::optional<DataChangeTrigger> trigger;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = SubtreeOptions;
        v.field(&Self::node,
                {.key = "node",
                 .text = "The node whose variables become tags: a node id, or a browse path such as "
                         "`/Objects/nsu=http://plant/;Line1`.",
                 .min = 1,
                 .max = 4096,
                 .required = true});
        v.field(&Self::name,
                {.key = "name",
                 .text = "Put before the tags' paths with a dot, after the server's prefix; empty "
                         "for none.",
                 .max = 200});
        v.field(
            &Self::include,
            {.key = "include",
             .text = "Only tags that match one of these patterns become tags: paths below `name`, `*` for "
                     "any text within a level, `**` for any levels, such as `**.Temp`. Empty for all.",
             .max = 1'000});
        v.field(&Self::exclude, {.key = "exclude",
                                 .text = "Tags that match one of these patterns are left out, and what lies "
                                         "below a node that does is not even asked for.",
                                 .max = 1'000});
        v.field(
            &Self::maxDepth,
            {.key = "max_depth", .text = "Levels below the node that are followed.", .min = 1, .max = 64});
        v.field(&Self::maxTags, {.key = "max_tags",
                                 .text = "At most so many tags; when the server has more, the log and the "
                                         "source's state say so.",
                                 .min = 1,
                                 .max = 500'000});
        v.field(&Self::properties,
                {.key = "properties", .text = "Whether properties, such as EURange, become tags too."});
        v.field(&Self::rescan,
                {.key = "rescan_ms",
                 .text = "How often the subtree is looked through for nodes that came or went; "
                         "servers that tell of changes by themselves are asked at once, too. 0: "
                         "only at each connect.",
                 .unit = "ms",
                 .min = 0,
                 .max = 86'400'000});
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
    }

    /// Node, name and patterns are well formed; at most one deadband.
    void check(OptionErrors& errors) const;
};

}  // namespace tagwire::source::opcua
