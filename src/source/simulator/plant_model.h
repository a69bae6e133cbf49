/// The process of the demonstration plant: balances of mass and heat, first-order lags, control loops.
/// Simple, but coupled: what leaves one vessel enters the next, and a disturbance travels.
///
///     tank TK-201 → pumps → FIC-202 → reactor R-201 (TIC-203, LIC-206) → drum V-208
///         → pump P-101 → FIC-101 → column C-101 → distillate (FI-103), bottoms (LIC-101, FI-105)
///     boiler B-301 → steam header (PIC-303) → reboiler (TIC-103); cooling tower CT-301 → condenser, reactor
///     jacket
///
/// Thread: the simulator's. Lifetime: owned by PlantTags.
#pragma once

#include <chrono>

#include "source/simulator/plant_events.h"
#include "source/simulator/process.h"

namespace tagwire::source::simulator {

struct Distillation {
    static constexpr double kSumpVolume = 15;  ///< [m³]
    static constexpr double kDrumVolume = 12;  ///< [m³]

    Motor feedPump{.ratedPower = 37};
    Motor refluxPump{.ratedPower = 22};
    Motor bottomsPump{.ratedPower = 18.5};
    Controller feed;           ///< FIC-101, set by the level of V-208
    Controller reflux;         ///< FIC-102
    Controller bottomTemp;     ///< TIC-103, acts on the steam valve
    Controller sumpLevel;      ///< LIC-101, acts on the bottoms valve
    double feedValve = 62;     ///< FV-101 [%]
    double feedFlow = 126;     ///< [m³/h]
    double refluxFlow = 90;    ///< [m³/h]
    double distillate = 57;    ///< [m³/h]
    double bottoms = 69;       ///< [m³/h]
    double steam = 12.25;      ///< [t/h]
    double boilUp = 147;       ///< vapour from the reboiler, as liquid [m³/h]
    double overhead = 147;     ///< vapour into the condenser, as liquid [m³/h]
    double drumLevel = 50;     ///< V-102 [%]
    double topTemp = 78.4;     ///< [°C]
    double trayTemp = 108;     ///< tray 12 [°C]
    double bottomsTemp = 128;  ///< [°C]
    double pressure = 3.2;     ///< [bar]
    double pressureDrop = 80;  ///< [mbar]
    double purity = 97.8;      ///< of the distillate [%]
    double analysed = 97.8;    ///< what the analyser last measured [%]
    double sinceAnalysis = 0;  ///< [s]
};

struct Reaction {
    static constexpr double kTankVolume = 40;     ///< [m³]
    static constexpr double kReactorVolume = 30;  ///< [m³]
    static constexpr double kDrumVolume = 25;     ///< [m³]

    Motor pumpA{.ratedPower = 37};
    Motor pumpB{.ratedPower = 37};
    Motor agitator{.ratedPower = 55};
    Controller charge;         ///< FIC-202
    Controller temperature;    ///< TIC-203, acts on the cooling of the jacket
    Controller level;          ///< LIC-206, acts on the outlet
    bool receiving = false;    ///< XV-201 is open: the tank is being filled
    double receipt = 0;        ///< [m³/h]
    double tankLevel = 70;     ///< TK-201 [%]
    double tankTemp = 32;      ///< [°C]
    double chargeFlow = 126;   ///< [m³/h]
    double charged = 0;        ///< since the start [m³]
    double catalyst = 50;      ///< [L/h]
    double reactorTemp = 85;   ///< [°C]
    double jacketTemp = 60;    ///< [°C]
    double pressure = 2.4;     ///< [bar]
    double conversion = 92;    ///< [%]
    double outlet = 126;       ///< [m³/h]
    double drumLevel = 50;     ///< V-208 [%]
    double agitatorSpeed = 0;  ///< [rpm]
};

enum class CompressorState : std::int32_t { Stopped = 0, Unloaded = 1, Loaded = 2 };

struct Utilities {
    Motor waterPumpA{.ratedPower = 90};
    Motor waterPumpB{.ratedPower = 90};
    Motor fanA{.ratedPower = 30};
    Motor fanB{.ratedPower = 30};
    Motor compressor{.ratedPower = 45};
    Controller steamPressure;  ///< PIC-303, acts on the fuel of the boiler
    bool secondFan = false;
    CompressorState compressorState = CompressorState::Loaded;
    double ambient = 22;            ///< [°C]
    double supplyTemp = 25.5;       ///< cooling water [°C]
    double returnTemp = 34;         ///< [°C]
    double waterFlow = 900;         ///< [m³/h]
    double waterPressure = 4.2;     ///< [bar]
    double headerPressure = 10;     ///< steam [bar]
    double steamProduced = 18.2;    ///< [t/h]
    double steamTaken = 18.2;       ///< [t/h]
    double drumLevel = 50;          ///< boiler [%]
    double steamTemp = 184;         ///< [°C]
    double fuelGas = 1350;          ///< [m³/h]
    double airPressure = 6.8;       ///< [bar]
    double compressorHours = 8412;  ///< [h]
    double power = 0;               ///< [kW]
    double energy = 0;              ///< since the start [kWh]
    double frequency = 50;          ///< [Hz]
};

class PlantModel {
public:
    /// How finely the process is computed, whatever the scan interval.
    static constexpr std::chrono::milliseconds kStep{100};

    /// Settled: the process has run for some minutes without disturbances.
    explicit PlantModel(std::uint64_t seed);

    /// Advances to `time` of the simulation, which never goes back.
    void advanceTo(std::chrono::milliseconds time) noexcept;

    [[nodiscard]] Distillation& distillation() noexcept { return distillation_; }
    [[nodiscard]] Reaction& reaction() noexcept { return reaction_; }
    [[nodiscard]] Utilities& utilities() noexcept { return utilities_; }
    [[nodiscard]] const Distillation& distillation() const noexcept { return distillation_; }
    [[nodiscard]] const Reaction& reaction() const noexcept { return reaction_; }
    [[nodiscard]] const Utilities& utilities() const noexcept { return utilities_; }
    [[nodiscard]] const PlantEvents& events() const noexcept { return events_; }

private:
    void step(const Disturbances& disturbances, double chargeSetpoint) noexcept;
    void stepReaction(const Disturbances& disturbances) noexcept;
    void stepDistillation(const Disturbances& disturbances) noexcept;
    void stepUtilities(const Disturbances& disturbances) noexcept;
    void stepPower() noexcept;

    PlantEvents events_;
    Noise noise_;
    std::uint64_t steps_ = 0;
    std::chrono::milliseconds time_{0};
    Distillation distillation_;
    Reaction reaction_;
    Utilities utilities_;
};

}  // namespace tagwire::source::simulator
