/// Options of the events of one OPC UA server: the table [opcua.events].
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/option.h"

namespace tagwire::source::opcua {

struct EventOptions {
    static constexpr std::size_t kMaxNotifiers = 100;

    bool enabled = false;
    std::vector<std::string> notifiers;
    std::uint16_t minSeverity = 1;
    std::uint32_t queueSize = 10'000;
    std::uint32_t maxConditions = 10'000;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = EventOptions;
        v.field(&Self::enabled,
                {.key = "enabled",
                 .text = "Receive the server's events and alarms. Costs the server memory for the queue."});
        v.field(&Self::notifiers,
                {.key = "notifiers",
                 .text = "Node ids of the objects whose events are wanted, such as one area of the plant; "
                         "empty for the Server object, which reports everything.",
                 .max = kMaxNotifiers});
        v.field(&Self::minSeverity,
                {.key = "min_severity",
                 .text = "Events below this severity are dropped. A condition that has reached it once is "
                         "followed to its end, however its severity changes.",
                 .min = 1,
                 .max = 1000});
        v.field(&Self::queueSize,
                {.key = "queue_size",
                 .text = "Events that the server keeps for each notifier between two publishings; when more "
                         "come, the oldest are lost, which is counted and shown.",
                 .min = 2,
                 .max = 1'000'000});
        v.field(&Self::maxConditions,
                {.key = "max_conditions",
                 .text = "Conditions kept at a time; further ones are refused and counted.",
                 .min = 1,
                 .max = 1'000'000});
    }

    /// Notifiers are node ids, none of them twice.
    void check(OptionErrors& errors) const;
};

}  // namespace tagwire::source::opcua
