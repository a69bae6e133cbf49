#include "source/simulator/plant_tags.h"

#include <algorithm>
#include <cmath>

namespace tagwire::source::simulator {
namespace {

/// A transmitter shows a little more than its range, and a flow that stands still is 0, not noise around it.
double saturated(double reading, const EURange& range) {
    return std::clamp(reading, range.low, range.high + 0.03 * (range.high - range.low));
}

/// With the resolution of the instrument.
double displayed(double reading, const Instrument& instrument) {
    const double scale = std::pow(10, instrument.decimals);
    return std::round(reading * scale) / scale;
}

constexpr double kFaultNoise = 12;

}  // namespace

PlantTags::PlantTags(std::uint64_t seed, std::chrono::milliseconds scan)
    : instruments_(plantInstruments()),
      model_(seed),
      noise_(seed),
      analogEvery_(static_cast<std::uint64_t>(std::max<std::int64_t>(1, kAnalogInterval / scan))) {}

std::vector<TagInfo> PlantTags::tags(const TagContext& context) const {
    std::vector<TagInfo> result;
    result.reserve(instruments_.size());
    for (const Instrument& instrument : instruments_) {
        TagInfo tag = context.tag("Plant." + instrument.name, instrument.type);
        tag.description = {{"en", instrument.english}, {"zh", instrument.chinese}};
        tag.enumLabels = instrument.labels;
        if (instrument.write != nullptr) tag.access = Access::ReadWrite;
        if (instrument.type == BuiltInType::Double) {
            tag.units = instrument.units;
            tag.range = instrument.range;
            tag.limits = instrument.limits;
            tag.decimals = instrument.decimals;
            tag.samplingInterval = context.scan * static_cast<std::int64_t>(analogEvery_);
        }
        result.push_back(std::move(tag));
    }
    return result;
}

void PlantTags::scan(const Scan& scan, ScanReport& report) {
    model_.advanceTo(scan.elapsed);
    for (std::size_t i = 0; i < instruments_.size(); ++i) {
        if (instruments_[i].type != BuiltInType::Double) {
            readExact(i, report);
        } else if (scan.index == 0 || (scan.index + i) % analogEvery_ == 0) {
            readAnalog(i, scan, report);
        }
    }
}

TagWritten PlantTags::write(std::size_t tag, const Value& value, ScanReport& report) {
    const Instrument& instrument = instruments_[tag];
    if (instrument.write == nullptr) return TagSet::write(tag, value, report);
    TagWritten written;
    written.before = report.value(tag);
    const double wanted = value.toDouble();
    // A controller takes what it can show.
    const double taken =
        displayed(std::clamp(wanted, instrument.range.low, instrument.range.high), instrument);
    instrument.write(model_, taken);
    report.set(tag, Value(taken));
    written.readBack = readBackOf(Value(taken));
    if (taken != wanted) {
        written.status = kGoodClamped;
        written.message = "the controller took the nearest value that it can keep";
    }
    return written;
}

void PlantTags::readAnalog(std::size_t tag, const Scan& scan, ScanReport& report) const {
    const Instrument& instrument = instruments_[tag];
    StatusCode status;
    double noise = instrument.noise;
    const auto trouble = model_.events().sensorTrouble(scan.elapsed);
    if (trouble && trouble->instrument == instrument.name) {
        status = trouble->status;
        if (trouble->fault == SensorFault::Frozen) return report.setStatus(tag, status);
        if (trouble->fault == SensorFault::Noisy) noise *= kFaultNoise;
    }
    const double reading =
        saturated(instrument.read(model_) + noise * noise_.normal(tag, scan.index), instrument.range);
    report.set(tag, Value(displayed(reading, instrument)), status);
}

void PlantTags::readExact(std::size_t tag, ScanReport& report) const {
    const Instrument& instrument = instruments_[tag];
    const double reading = instrument.read(model_);
    report.set(tag, instrument.type == BuiltInType::Boolean ? Value(reading != 0)
                                                            : Value(static_cast<std::int32_t>(reading)));
}

}  // namespace tagwire::source::simulator
