/// Changes like those of a plant: twenty kinds of tags, each with its own step, decimals, noise and clock.
/// Thread: one. Lifetime: value type; the same seed makes the same changes.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "model/data_value.h"

namespace tagwire::bench {

class PlantTag {
public:
    static constexpr unsigned kKinds = 20;

    /// `begin` is the time of the first change.
    PlantTag(unsigned kind, Timestamp begin) : kind_(kind % kKinds), random_(kind + 1), time_(begin) {}

    /// About a second after the one before, as a PLC's scan and a server's sampling make it.
    [[nodiscard]] DataValue next() {
        time_ += std::chrono::seconds{1};
        const auto jitter = std::chrono::milliseconds{kind_ % 3 == 0 ? 0 : random_() % 8};
        const auto delay = std::chrono::milliseconds{random_() % 20};
        DataValue value;
        value.value = nextValue();
        value.sourceTime = time_ + jitter;
        value.serverTime = value.sourceTime + delay;
        return value;
    }

private:
    [[nodiscard]] double walk(double step) {
        const double random = static_cast<double>(random_() % 2001) / 1000.0 - 1.0;
        level_ += random * step - level_ * 0.001;
        return level_;
    }
    [[nodiscard]] static double decimals(double value, double power) {
        return std::round(value * power) / power;
    }

    [[nodiscard]] Value nextValue() {
        switch (kind_) {
            case 0: return Value(decimals(50 + walk(0.1), 100));                       // temperature
            case 1: return Value(static_cast<float>(decimals(3 + walk(0.02), 1000)));  // pressure
            case 2: return Value(decimals(120 + walk(2), 10));                         // flow
            case 3: return Value(decimals(75 + walk(0.01), 10));                       // level, slow
            case 4: return Value(static_cast<std::int32_t>(1480 + walk(3)));           // speed
            case 5:
                return Value(
                    static_cast<std::uint16_t>(27648.0 * (0.5 + walk(0.001))));        // raw analogue input
            case 6: return Value(state_ = state_ != (random_() % 60 == 0));            // switch
            case 7: return Value(count_ += static_cast<std::int64_t>(random_() % 3));  // counter
            case 8:
                return Value(decimals(energy_ += 0.01 * static_cast<double>(random_() % 10), 100));  // energy
            case 9: return Value(50.0);  // setpoint
            case 10: return Value(step_ += random_() % 300 == 0 ? 1 : 0);
            case 11: return Value(20 + walk(0.05));  // computed: every bit counts
            default: return Value(decimals(40 + walk(0.05 * (kind_ - 11)), kind_ % 2 == 0 ? 10 : 100));
        }
    }

    unsigned kind_;
    std::minstd_rand random_;
    Timestamp time_;
    double level_ = 0;
    double energy_ = 0;
    std::int64_t count_ = 0;
    std::int32_t step_ = 0;
    bool state_ = false;
};

}  // namespace tagwire::bench
