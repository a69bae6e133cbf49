/// Parts that every unit of the demonstration plant is built from.
/// Thread: the simulator's. Lifetime: value types.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tagwire::source::simulator {

/// Moves `value` towards `target` with time constant `tau` [s], over `dt` [s] much shorter than it.
inline void approach(double& value, double target, double tau, double dt) noexcept {
    value += (target - value) * dt / tau;
}

/// Adds a flow [m³/h] over `dt` [s] to a level [%] of a vessel of `volume` [m³]; it neither overflows nor
/// runs dry.
inline void accumulate(double& level, double flow, double volume, double dt) noexcept {
    level = std::clamp(level + flow * dt / 3600 / volume * 100, 0.0, 100.0);
}

enum class ControllerMode : std::int32_t { Manual = 0, Auto = 1, Cascade = 2 };

/// A proportional-integral controller. Its output, 0 to 100 %, rises with the process value if `gain` > 0
/// (direct acting) and falls if `gain` < 0 (reverse acting).
struct Controller {
    ControllerMode mode = ControllerMode::Auto;
    double setpoint = 0;
    /// What the gain refers to: % of output for 1 % of this span.
    double span = 100;
    double gain = -1;
    double integralTime = 60;  ///< [s]
    double output = 50;
    double process = 0;

    void update(double value, double dt) noexcept {
        process = value;
        if (mode == ControllerMode::Manual) return;
        const double proportional = gain * (process - setpoint) / span * 100;
        // Limiting the integral part to what the output can still use keeps it from winding up.
        integral = std::clamp(integral + proportional * dt / integralTime, -proportional, 100 - proportional);
        integral = std::clamp(integral, 0.0, 100.0);
        output = std::clamp(integral + proportional, 0.0, 100.0);
    }

    double integral = 50;
};

enum class MotorState : std::int32_t { Stopped = 0, Starting = 1, Running = 2, Tripped = 3 };

/// A motor with a direct-on-line starter: it takes some seconds to start and draws a multiple of its current
/// then.
struct Motor {
    MotorState state = MotorState::Stopped;
    double ratedPower = 30;  ///< [kW]
    double sinceChange = 0;  ///< [s]
    double current = 0;      ///< [A]

    [[nodiscard]] bool running() const noexcept { return state == MotorState::Running; }
    /// Power taken now [kW], at 400 V and a power factor of 0.87.
    [[nodiscard]] double power() const noexcept { return current * kKilowattPerAmpere; }

    /// `load` is 0 to 1 of the rated power.
    void update(bool wanted, bool tripped, double load, double dt) noexcept {
        const MotorState before = state;
        if (tripped) {
            state = MotorState::Tripped;
        } else if (!wanted) {
            state = MotorState::Stopped;
        } else if (state == MotorState::Starting && sinceChange > kStartTime) {
            state = MotorState::Running;
        } else if (state != MotorState::Running) {
            state = MotorState::Starting;
        }
        sinceChange = state == before ? sinceChange + dt : 0;
        approach(current, powerShare(load) * ratedPower / kKilowattPerAmpere, 0.4, dt);
    }

private:
    static constexpr double kKilowattPerAmpere = 0.6028;
    static constexpr double kStartTime = 3;  // [s]

    [[nodiscard]] double powerShare(double load) const noexcept {
        if (state == MotorState::Starting) return 3;
        return running() ? 0.35 + 0.65 * load : 0;
    }
};

}  // namespace tagwire::source::simulator
