#include "source/simulator/plant_events.h"

#include <array>
#include <cmath>

#include "source/simulator/qualities.h"

namespace tagwire::source::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kProcessStream = 1;
constexpr std::uint64_t kSensorStream = 2;
constexpr std::uint64_t kSetpointStream = 3;
constexpr std::uint64_t kStrainerStream = 4;

struct ProcessEvent {
    bool Disturbances::* disturbance;  ///< null: nothing happens in this slot
    seconds duration;
};

constexpr std::array<ProcessEvent, 6> kProcessEvents{{
    {&Disturbances::condenserFouling, seconds{60}},
    {&Disturbances::feedPumpTrip, seconds{25}},
    {&Disturbances::exotherm, seconds{80}},
    {&Disturbances::steamDemand, seconds{45}},
    {&Disturbances::chargePumpTrip, seconds{90}},
    {nullptr, seconds{0}},
}};

constexpr std::array<SensorTrouble, 7> kSensorTroubles{{
    {"Unit100.LI-102", SensorFault::Frozen, kBadCommunicationError},
    {"Unit100.AI-107", SensorFault::Frozen, kUncertainLastUsableValue},
    {"Unit100.TI-104", SensorFault::Noisy, kUncertainSensorNotAccurate},
    {"Unit200.TI-204", SensorFault::Frozen, kBadSensorFailure},
    {"Unit200.AI-207", SensorFault::Marked, kUncertainSubNormal},
    {"Unit300.FI-301", SensorFault::Noisy, kUncertainSensorNotAccurate},
    {"Unit300.TI-320", SensorFault::Marked, kGoodLocalOverride},
}};

/// Where in the slots of length `slot` a moment lies.
struct Position {
    std::uint64_t slot;
    milliseconds within;
};

Position locate(milliseconds time, seconds slot) noexcept {
    const milliseconds length = slot;
    return {static_cast<std::uint64_t>(time / length), time % length};
}

}  // namespace

Disturbances PlantEvents::disturbances(milliseconds time) const noexcept {
    const auto [slot, within] = locate(time, kProcessSlot);
    const std::uint64_t bits = noise_.bits(kProcessStream, slot);
    const ProcessEvent& event = kProcessEvents[bits % kProcessEvents.size()];
    const milliseconds start = seconds{15 + (bits >> 32U) % 40};
    Disturbances result;
    if (event.disturbance != nullptr && within >= start && within < start + event.duration) {
        result.*event.disturbance = true;
    }
    return result;
}

std::optional<SensorTrouble> PlantEvents::sensorTrouble(milliseconds time) const noexcept {
    const auto [slot, within] = locate(time, kSensorSlot);
    const std::uint64_t bits = noise_.bits(kSensorStream, slot);
    const milliseconds start = seconds{10 + (bits >> 32U) % 30};
    const milliseconds duration = seconds{15 + (bits >> 40U) % 30};
    if (within < start || within >= start + duration) return std::nullopt;
    return kSensorTroubles[bits % kSensorTroubles.size()];
}

bool PlantEvents::strainerClogged(milliseconds time) const noexcept {
    const auto [slot, within] = locate(time, kStrainerSlot);
    const std::uint64_t bits = noise_.bits(kStrainerStream, slot);
    const milliseconds start = seconds{slot == 0 ? 2 : 5 + (bits >> 32U) % 40};
    const milliseconds duration = seconds{20 + (bits >> 40U) % 20};
    return within >= start && within < start + duration;
}

double PlantEvents::chargeSetpoint(milliseconds time) const noexcept {
    const std::uint64_t slot = locate(time, kSetpointSlot).slot;
    if (slot == 0) return 126;
    return 114 + std::round(noise_.uniform(kSetpointStream, slot) * 24);
}

}  // namespace tagwire::source::simulator
