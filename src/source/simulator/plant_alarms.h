/// Alarms of the demonstration plant that no limit of a value tells: tripped motors, a strainer that clogs,
/// instruments in trouble. Their states follow OPC 10000-9, 5.7 and 5.8.
/// Thread: the simulator's. Lifetime: owned by the SimulatorSource.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/condition_services.h"
#include "model/source_event.h"
#include "source/simulator/plant_events.h"
#include "source/simulator/tag_set.h"

namespace tagwire::source::simulator {

/// When an alarm is active depends on the seed and the scan only; what becomes of it, on who acknowledges it.
class PlantAlarms {
public:
    /// `prefix` as that of the tags. `started` makes the ids of events differ from those of other runs.
    PlantAlarms(std::uint64_t seed, std::string_view prefix, Timestamp started);

    /// What this scan changes. The first one says that the conditions are those of now.
    [[nodiscard]] EventBatch scan(const Scan& scan, Timestamp now);

    /// Takes an order between two scans; what it changes is told in `batch`.
    [[nodiscard]] ConditionAnswer act(const ConditionOrder& order, Timestamp now, EventBatch& batch);

private:
    /// Ids of events that are accepted for one alarm.
    static constexpr std::size_t kMaxKnown = 8;

    struct Alarm {
        /// What does not change, and the present state.
        SourceCondition condition;
        /// Somebody has to say that it was dealt with, besides that he has seen it.
        bool confirmable = false;
        bool (*active)(const PlantEvents& events, std::string_view about, std::chrono::milliseconds time);
        /// What it is about, without prefix and branch.
        std::string about;
        std::string text;
        /// Ids of its events since it became active last: whoever names one of them has seen that.
        std::vector<std::string> known;
    };
    struct Kind;

    void add(std::string_view prefix, const Kind& kind);
    /// An event that tells of the present state.
    void tell(Alarm& alarm, std::string message, Timestamp now, EventBatch& batch);
    [[nodiscard]] std::string nextId();

    PlantEvents events_;
    Timestamp started_;
    std::uint64_t told_ = 0;
    bool begun_ = false;
    std::vector<Alarm> alarms_;
};

}  // namespace tagwire::source::simulator
