/// What goes wrong in the demonstration plant, and when: a function of the seed and the time.
/// Thread: the simulator's. Lifetime: value types.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "model/status_code.h"
#include "source/simulator/noise.h"

namespace tagwire::source::simulator {

/// Disturbances of the process at one moment.
struct Disturbances {
    bool feedPumpTrip = false;
    bool chargePumpTrip = false;
    bool condenserFouling = false;
    bool exotherm = false;
    bool steamDemand = false;
};

/// What a faulty sensor does with its reading.
enum class SensorFault : std::uint8_t {
    Frozen,  ///< it stays at the last value
    Noisy,   ///< its noise is many times larger
    Marked,  ///< the reading is right, only its status differs
};

struct SensorTrouble {
    std::string_view instrument;
    SensorFault fault;
    StatusCode status;
};

/// Time is cut into slots; in each slot the seed decides whether something happens, what, when, and how long.
/// So there is always something to see within a few minutes, never two troubles of a kind at once, and all is
/// over before its slot ends.
class PlantEvents {
public:
    static constexpr std::chrono::seconds kProcessSlot{150};
    static constexpr std::chrono::seconds kSensorSlot{100};
    static constexpr std::chrono::seconds kStrainerSlot{90};
    static constexpr std::chrono::seconds kSetpointSlot{240};

    explicit PlantEvents(std::uint64_t seed) noexcept : noise_(seed) {}

    [[nodiscard]] Disturbances disturbances(std::chrono::milliseconds time) const noexcept;
    [[nodiscard]] std::optional<SensorTrouble> sensorTrouble(std::chrono::milliseconds time) const noexcept;
    /// Whether the strainer before the cooling water pumps is clogged: soon after the start for the first
    /// time.
    [[nodiscard]] bool strainerClogged(std::chrono::milliseconds time) const noexcept;
    /// The production rate the operators want [m³/h].
    [[nodiscard]] double chargeSetpoint(std::chrono::milliseconds time) const noexcept;

private:
    Noise noise_;
};

}  // namespace tagwire::source::simulator
