/// What of the demonstration plant is measured and shown: one entry a tag.
/// Thread: any. Lifetime: constants made at start.
#pragma once

#include <string>
#include <vector>

#include "model/tag_info.h"
#include "source/simulator/plant_model.h"

namespace tagwire::source::simulator {

using EnumLabels = std::map<std::int64_t, std::string>;

struct Instrument {
    /// Below the path `Plant`, such as `Unit100.TI-101` or `Unit100.FIC-101.PV`.
    std::string name;
    /// Double: measured, with noise and the resolution of `decimals`. Boolean, Int32: exact.
    BuiltInType type = BuiltInType::Double;
    double (*read)(const PlantModel&) = nullptr;
    /// Null: nobody can.
    void (*write)(PlantModel&, double) = nullptr;
    std::string english;
    std::string chinese;
    EngineeringUnits units;
    EURange range;
    Limits limits;
    int decimals = 0;
    /// Standard deviation of the reading in engineering units; 0 for what is computed or commanded.
    double noise = 0;
    EnumLabels labels;
};

[[nodiscard]] std::vector<Instrument> plantInstruments();

}  // namespace tagwire::source::simulator
