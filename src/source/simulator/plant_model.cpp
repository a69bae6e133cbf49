#include "source/simulator/plant_model.h"

#include <cmath>
#include <initializer_list>
#include <numbers>

namespace tagwire::source::simulator {
namespace {

constexpr double kDt = 0.1;  // PlantModel::kStep in seconds
constexpr int kWarmUpSteps = 9000;
/// Valves open fully within some seconds; flows follow them.
constexpr double kValveTau = 2;
constexpr double kFlowTau = 1.5;

constexpr std::uint64_t kFrequencyStream = 100;
constexpr std::uint64_t kAirStream = 101;

Controller loop(double setpoint, double span, double gain, double integralTime, double output) {
    return {.setpoint = setpoint,
            .span = span,
            .gain = gain,
            .integralTime = integralTime,
            .output = output,
            .process = setpoint,
            .integral = output};
}

}  // namespace

PlantModel::PlantModel(std::uint64_t seed) : events_(seed), noise_(seed ^ 0x504C414E54U) {
    reaction_.charge = loop(events_.chargeSetpoint(kStep), 200, -0.5, 8, 62);
    reaction_.temperature = loop(85, 100, 4, 180, 45);
    reaction_.level = loop(60, 100, 2, 240, 60);
    distillation_.feed = loop(126, 200, -0.5, 8, 62);
    distillation_.feed.mode = ControllerMode::Cascade;
    distillation_.reflux = loop(90, 150, -0.5, 8, 60);
    distillation_.bottomTemp = loop(128, 100, -1.5, 150, 61);
    distillation_.sumpLevel = loop(50, 100, 2, 240, 50);
    utilities_.steamPressure = loop(10, 16, -4, 60, 46);
    const double setpoint = events_.chargeSetpoint(std::chrono::milliseconds{0});
    for (int i = 0; i < kWarmUpSteps; ++i) step({}, setpoint);
    reaction_.charged = 0;
    utilities_.energy = 0;
}

void PlantModel::advanceTo(std::chrono::milliseconds time) noexcept {
    while (time_ + kStep <= time) {
        time_ += kStep;
        step(events_.disturbances(time_), events_.chargeSetpoint(time_));
    }
}

void PlantModel::step(const Disturbances& disturbances, double chargeSetpoint) noexcept {
    ++steps_;
    approach(reaction_.charge.setpoint, chargeSetpoint, 20, kDt);
    stepReaction(disturbances);
    stepDistillation(disturbances);
    stepUtilities(disturbances);
    stepPower();
}

void PlantModel::stepReaction(const Disturbances& disturbances) noexcept {
    Reaction& r = reaction_;
    // Deliveries: filled when low, stopped when nearly full.
    if (r.tankLevel < 35) r.receiving = true;
    if (r.tankLevel > 86) r.receiving = false;
    approach(r.receipt, r.receiving ? 290 : 0, 4, kDt);
    approach(r.tankTemp, r.receiving ? 29 : 32.5, 400, kDt);

    const bool trip = disturbances.chargePumpTrip;
    const double load = r.chargeFlow / 200;
    r.pumpA.update(true, trip, load, kDt);
    r.pumpB.update(!r.pumpA.running(), false, load, kDt);
    r.charge.update(r.chargeFlow, kDt);
    const bool pumping = (r.pumpA.running() || r.pumpB.running()) && r.tankLevel > 1;
    approach(r.chargeFlow, pumping ? 203 * r.charge.output / 100 : 0, kFlowTau + kValveTau, kDt);
    accumulate(r.tankLevel, r.receipt - r.chargeFlow, Reaction::kTankVolume, kDt);
    r.charged += r.chargeFlow * kDt / 3600;
    approach(r.catalyst, 0.4 * r.chargeFlow, 6, kDt);

    r.agitator.update(true, false, 0.7, kDt);
    approach(r.agitatorSpeed, r.agitator.running() ? 120 : 0, 3, kDt);
    double level = r.level.process;
    r.level.update(level, kDt);
    approach(r.outlet, level > 1 ? 210 * r.level.output / 100 : 0, kFlowTau + kValveTau, kDt);
    accumulate(level, r.chargeFlow - r.outlet, Reaction::kReactorVolume, kDt);
    r.level.process = level;

    // Heat per degree and second: cold feed, reaction, jacket.
    const double contents = Reaction::kReactorVolume * level / 100 + 0.5;
    const double exchange = r.chargeFlow / 3600 / contents;
    const double rise = disturbances.exotherm ? 145 : 95;
    const double cooling = 0.00264 * (r.reactorTemp - r.jacketTemp);
    r.reactorTemp += kDt * (exchange * (r.tankTemp - r.reactorTemp + rise * r.conversion / 100) - cooling);
    r.temperature.update(r.reactorTemp, kDt);
    const double coolant = 0.0294 * r.temperature.output / 100 * utilities_.waterFlow / 900;
    r.jacketTemp +=
        kDt * (coolant * (utilities_.supplyTemp - r.jacketTemp) + 0.02 * (r.reactorTemp - r.jacketTemp));
    approach(r.pressure, 2.4 + 0.04 * (r.reactorTemp - 85), 15, kDt);
    approach(r.conversion,
             std::clamp(92 + 0.3 * (r.reactorTemp - 85) - 0.03 * (r.chargeFlow - 126), 60.0, 99.0), 120, kDt);
    accumulate(r.drumLevel, r.outlet - distillation_.feedFlow, Reaction::kDrumVolume, kDt);
}

void PlantModel::stepDistillation(const Disturbances& disturbances) noexcept {
    Distillation& d = distillation_;
    // Feed: the drum before the column sets the flow, so that the column sees slow changes only.
    d.feed.setpoint = std::clamp(126 + 1.6 * (reaction_.drumLevel - 50), 60.0, 180.0);
    d.feedPump.update(true, disturbances.feedPumpTrip, d.feedFlow / 200, kDt);
    d.feed.update(d.feedFlow, kDt);
    approach(d.feedValve, d.feed.output, kValveTau, kDt);
    const bool feeding = d.feedPump.running() && reaction_.drumLevel > 1;
    approach(d.feedFlow, feeding ? 206 * d.feedValve / 100 : 0, kFlowTau, kDt);

    d.refluxPump.update(true, false, d.refluxFlow / 150, kDt);
    d.reflux.update(d.refluxFlow, kDt);
    const bool refluxing = d.refluxPump.running() && d.drumLevel > 1;
    approach(d.refluxFlow, refluxing ? 150 * d.reflux.output / 100 : 0, kFlowTau + kValveTau, kDt);

    // Reboiler: steam makes vapour, which reaches the condenser a little later.
    d.bottomTemp.update(d.bottomsTemp, kDt);
    const double drive = std::max(0.0, utilities_.headerPressure) / 10;
    approach(d.steam, 20 * d.bottomTemp.output / 100 * drive, kValveTau, kDt);
    approach(d.boilUp, d.steam * 12, 15, kDt);
    approach(d.overhead, d.boilUp, 10, kDt);

    // Distillate keeps the reflux drum's level, bottoms keep the sump's.
    const double wanted = 57 + 2 * (d.drumLevel - 50);
    approach(d.distillate, d.drumLevel > 1 ? std::clamp(wanted, 0.0, 140.0) : 0, kFlowTau + kValveTau, kDt);
    accumulate(d.drumLevel, d.overhead - d.refluxFlow - d.distillate, Distillation::kDrumVolume, kDt);
    double sump = d.sumpLevel.process;
    d.sumpLevel.update(sump, kDt);
    d.bottomsPump.update(true, false, d.bottoms / 140, kDt);
    const bool draining = d.bottomsPump.running() && sump > 1;
    approach(d.bottoms, draining ? 140 * d.sumpLevel.output / 100 : 0, kFlowTau + kValveTau, kDt);
    accumulate(sump, d.feedFlow + d.refluxFlow - d.boilUp - d.bottoms, Distillation::kSumpVolume, kDt);
    d.sumpLevel.process = sump;

    // Composition: the part of the light product that is taken overhead. Above 1 heavy product goes up, too.
    const double light = 0.45 + 0.004 * (reaction_.conversion - 92);
    const double cut = (d.boilUp - d.refluxFlow) / std::max(10.0, d.feedFlow * light) - 1;
    const double excess = std::clamp(cut, -0.6, 0.6);
    approach(d.bottomsTemp, 128 + 26 * excess + 4 * (d.pressure - 3.2), 90, kDt);
    approach(d.trayTemp, 108 + 22 * excess + 5 * (d.pressure - 3.2), 60, kDt);
    approach(d.topTemp, 78.4 + 6 * excess + 6 * (d.pressure - 3.2), 40, kDt);
    const double purity = 97.8 + 0.05 * (d.refluxFlow - 90) - 5 * excess;
    approach(d.purity, std::clamp(purity, 88.0, 99.9), 100, kDt);
    d.sinceAnalysis += kDt;
    if (d.sinceAnalysis >= 20) {  // a chromatograph gives one result a cycle
        d.sinceAnalysis = 0;
        d.analysed = d.purity;
    }

    const double fouling = disturbances.condenserFouling ? 0.85 : 0;
    const double condensing = 0.012 * (d.overhead - 147) + 0.03 * (utilities_.supplyTemp - 25.5);
    approach(d.pressure, std::clamp(3.2 + condensing + fouling, 0.0, 5.0), 18, kDt);
    approach(d.pressureDrop, 80 * (d.boilUp / 147) * (d.boilUp / 147), 5, kDt);
}

void PlantModel::stepUtilities(const Disturbances& disturbances) noexcept {
    Utilities& u = utilities_;
    const double seconds = static_cast<double>(steps_) * kDt;
    const double day = std::sin(2 * std::numbers::pi * seconds / 1800);  // a quick day of half an hour
    u.ambient = 22 + 3 * day;

    // Cooling water: the heat of condenser and reactor, taken away by one fan or two.
    u.waterPumpA.update(true, false, u.waterFlow / 1200, kDt);
    u.waterPumpB.update(false, false, 0, kDt);
    approach(u.waterFlow, u.waterPumpA.running() ? 900 : 0, 6, kDt);
    approach(u.waterPressure, u.waterPumpA.running() ? 4.2 : 0.4, 3, kDt);
    if (u.supplyTemp > 27) u.secondFan = true;
    if (u.supplyTemp < 24.5) u.secondFan = false;
    u.fanA.update(true, false, 0.8, kDt);
    u.fanB.update(u.secondFan, false, 0.8, kDt);
    const double heat = 7 * distillation_.overhead / 147 + 1.5 * reaction_.temperature.output / 45;
    approach(u.returnTemp, u.supplyTemp + heat * 900 / std::max(100.0, u.waterFlow), 12, kDt);
    const double reach = u.ambient - 3 + heat * (u.fanB.running() ? 0.45 : 1.0);
    approach(u.supplyTemp, reach, 150, kDt);

    // Steam: the header's pressure integrates the difference between production and use.
    u.steamTaken = distillation_.steam + 4 + 2 + (disturbances.steamDemand ? 9 : 0);
    u.steamPressure.update(u.headerPressure, kDt);
    approach(u.steamProduced, 40 * u.steamPressure.output / 100, 12, kDt);
    u.headerPressure += (u.steamProduced - u.steamTaken) / 3600 / 0.12 * kDt;
    u.headerPressure = std::clamp(u.headerPressure, 0.0, 16.0);
    approach(u.drumLevel, 50 + 2.5 * (u.steamTaken - u.steamProduced), 8, kDt);
    approach(u.steamTemp, 184 + 4.2 * (u.headerPressure - 10), 10, kDt);
    approach(u.fuelGas, 74 * u.steamProduced, 3, kDt);

    // Instrument air: the compressor loads and unloads between two pressures.
    if (u.airPressure < 6.4) u.compressorState = CompressorState::Loaded;
    if (u.airPressure > 7.2) u.compressorState = CompressorState::Unloaded;
    const bool loaded = u.compressorState == CompressorState::Loaded;
    u.compressor.update(true, false, loaded ? 1 : 0.1, kDt);
    const double use = 0.014 * (1 + 0.3 * noise_.normal(kAirStream, steps_ / 50));
    u.airPressure += kDt * ((loaded && u.compressor.running() ? 0.034 : 0) - use);
    u.compressorHours += kDt / 3600;
    approach(u.frequency, 50 + 0.03 * noise_.normal(kFrequencyStream, steps_ / 30), 4, kDt);
}

void PlantModel::stepPower() noexcept {
    const Distillation& d = distillation_;
    const Reaction& r = reaction_;
    Utilities& u = utilities_;
    constexpr double kLighting = 35;
    double power = kLighting;
    const std::initializer_list<const Motor*> motors{
        &d.feedPump,   &d.refluxPump, &d.bottomsPump, &r.pumpA, &r.pumpB,     &r.agitator,
        &u.waterPumpA, &u.waterPumpB, &u.fanA,        &u.fanB,  &u.compressor};
    for (const Motor* motor : motors) power += motor->power();
    u.power = power;
    u.energy += power * kDt / 3600;
}

}  // namespace tagwire::source::simulator
