/// The demonstration plant as tags below `Plant`.
/// Thread: the simulator's. Lifetime: owned by the SimulatorSource.
#pragma once

#include <cstdint>
#include <vector>

#include "source/simulator/noise.h"
#include "source/simulator/plant_instruments.h"
#include "source/simulator/plant_model.h"
#include "source/simulator/tag_set.h"

namespace tagwire::source::simulator {

/// Analog values are read twice a second, each instrument at its own moment, with noise and the instrument's
/// resolution; states are read at each scan.
class PlantTags final : public TagSet {
public:
    static constexpr std::chrono::milliseconds kAnalogInterval{500};

    PlantTags(std::uint64_t seed, std::chrono::milliseconds scan);

    [[nodiscard]] std::vector<TagInfo> tags(const TagContext& context) const override;
    void scan(const Scan& scan, ScanReport& report) override;
    /// Setpoints of controllers that nobody else sets.
    [[nodiscard]] TagWritten write(std::size_t tag, const Value& value, ScanReport& report) override;

private:
    void readAnalog(std::size_t tag, const Scan& scan, ScanReport& report) const;
    void readExact(std::size_t tag, ScanReport& report) const;

    std::vector<Instrument> instruments_;
    PlantModel model_;
    Noise noise_;
    /// Scans between two readings of an analog value.
    std::uint64_t analogEvery_;
};

}  // namespace tagwire::source::simulator
