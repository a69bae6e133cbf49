/// Any number of tags `Load.T000001` … that change at a steady rate, for trying out what a server can take.
/// Thread: the simulator's. Lifetime: owned by the SimulatorSource.
#pragma once

#include <cstdint>

#include "source/simulator/noise.h"
#include "source/simulator/tag_set.h"

namespace tagwire::source::simulator {

/// A load tag counts its changes from 0.00 to 100.00 and around, beginning anywhere.
inline constexpr std::uint64_t kLoadValues = 10'001;

/// Every tag changes `rateHz` times a second; the changes of all tags are spread evenly over time, so that
/// each scan carries about the same number. At one change a scan all tags change together. Values are Doubles
/// from 0 to 100 that grow by 0.01 with each change, so that whoever gets them sees whether one is missing.
/// The cost of a scan grows with the changes in it, not with the number of tags.
class LoadTags final : public TagSet {
public:
    /// `rateHz` is at most one change a scan (SimulatorOptions::check).
    LoadTags(std::uint64_t seed, std::uint32_t tags, double rateHz) noexcept
        : noise_(seed), tags_(tags), changesPerMillisecond_(rateHz * tags / 1000) {}

    [[nodiscard]] std::vector<TagInfo> tags(const TagContext& context) const override;
    void scan(const Scan& scan, ScanReport& report) override;

private:
    void change(std::uint64_t number, ScanReport& report);

    Noise noise_;
    std::uint32_t tags_;
    double changesPerMillisecond_;
    /// All changes are numbered: change n is the (n / tags)th one of tag n % tags.
    std::uint64_t next_ = 0;
};

}  // namespace tagwire::source::simulator
