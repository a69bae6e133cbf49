#include "source/simulator/load_tags.h"

#include <cmath>

#include <fmt/format.h>

namespace tagwire::source::simulator {

std::vector<TagInfo> LoadTags::tags(const TagContext& context) const {
    const double rateHz = tags_ == 0 ? 1 : changesPerMillisecond_ * 1000 / tags_;
    std::vector<TagInfo> result;
    result.reserve(tags_);
    for (std::uint32_t i = 1; i <= tags_; ++i) {
        TagInfo tag = context.tag(fmt::format("Load.T{:06}", i), BuiltInType::Double);
        tag.range = EURange{0, 100};
        tag.decimals = 2;
        tag.samplingInterval = std::chrono::milliseconds{std::llround(1000 / rateHz)};
        result.push_back(std::move(tag));
    }
    return result;
}

void LoadTags::scan(const Scan& scan, ScanReport& report) {
    const double due = changesPerMillisecond_ * static_cast<double>(scan.elapsed.count());
    // The first scan gives every tag a value; from then on the rate decides.
    const std::uint64_t end = tags_ + static_cast<std::uint64_t>(due);
    for (; next_ < end; ++next_) change(next_, report);
}

void LoadTags::change(std::uint64_t number, ScanReport& report) {
    const std::uint64_t tag = number % tags_;
    const std::uint64_t hundredths = (noise_.bits(tag, 0) + number / tags_) % kLoadValues;
    report.set(tag, Value(static_cast<double>(hundredths) / 100));
}

}  // namespace tagwire::source::simulator
