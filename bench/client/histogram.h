/// Counts of durations in the manner of HdrHistogram: 64 steps between a power of two and the next, so that
/// any quantile is right within 1.6 % however long the tail. Thread: any. Lifetime: value type.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tagwire::bench {

class Histogram {
public:
    /// Microseconds; what is longer than about 19 hours counts as that.
    void add(std::uint64_t us) noexcept {
        ++counts_[std::min(indexOf(us), counts_.size() - 1)];
        ++total_;
        max_ = std::max(max_, us);
    }

    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }

    /// The duration below which the share `q` lies; 0 when there is none.
    [[nodiscard]] std::uint64_t quantile(double q) const noexcept {
        const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > wanted) return std::min(highestOf(i), max_);
        }
        return max_;
    }

private:
    static constexpr unsigned kStepBits = 6;
    static constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;
    static constexpr std::size_t kOctaves = 30;

    [[nodiscard]] static std::size_t indexOf(std::uint64_t us) noexcept {
        if (us < kSteps) return static_cast<std::size_t>(us);
        const auto shift = static_cast<unsigned>(std::bit_width(us)) - 1 - kStepBits;
        return static_cast<std::size_t>((shift + 1) * kSteps + ((us >> shift) - kSteps));
    }
    [[nodiscard]] static std::uint64_t highestOf(std::size_t index) noexcept {
        if (index < kSteps) return index;
        const auto shift = static_cast<unsigned>(index / kSteps - 1);
        return ((index % kSteps + kSteps + 1) << shift) - 1;
    }

    std::array<std::uint64_t, kSteps*(kOctaves + 1)> counts_{};
    std::uint64_t total_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace tagwire::bench
