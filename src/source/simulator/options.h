/// Options of the built-in simulator: the table [simulator] of the configuration.
/// Thread: any. Lifetime: value type.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/option.h"

namespace tagwire::source::simulator {

struct SimulatorOptions {
    bool enabled = true;
    std::string name = "simulator";
    std::uint32_t seed = 1;
    std::chrono::milliseconds scan{100};
    bool matrikon = true;
    bool plant = true;
    std::string prefix{};
    std::uint32_t loadTags = 0;
    double loadRateHz = 1;
    std::vector<std::string> writable{};

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = SimulatorOptions;
        v.field(&Self::enabled, {.key = "enabled", .text = "Whether simulated tags exist at all."});
        v.field(&Self::name, {.key = "name",
                              .text = "Name of the source, as shown on the pages; unique among all sources.",
                              .min = 1,
                              .max = 64});
        v.field(&Self::seed,
                {.key = "seed", .text = "Same seed, same values at the same scan after the start."});
        v.field(&Self::scan, {.key = "scan_ms",
                              .text = "How often simulated values may change. Shorter costs CPU.",
                              .unit = "ms",
                              .min = 10,
                              .max = 60'000});
        v.field(&Self::matrikon,
                {.key = "matrikon",
                 .text = "The well-known tags of the Matrikon OPC simulation server, such as "
                         "`Random.Int1` and `Saw-toothed Waves.Real8`."});
        v.field(&Self::plant, {.key = "plant",
                               .text = "A small demonstration plant below `Plant`: distillation, reaction, "
                                       "utilities."});
        v.field(&Self::prefix, {.key = "prefix",
                                .text = "Put before every simulated tag path with a dot; empty for none.",
                                .max = 200});
        v.field(&Self::loadTags,
                {.key = "load_tags",
                 .text = "Number of additional tags `Load.T000001` and so on, to try out how much "
                         "the server and the browsers can take. Each change adds 0.01, from 0 to "
                         "100 and around: whoever looks on sees whether one is missing.",
                 .max = 1'000'000});
        v.field(&Self::loadRateHz,
                {.key = "load_rate_hz",
                 .text = "How often each load tag changes, spread evenly over time; at most "
                         "once a scan, and then all at once.",
                 .unit = "Hz",
                 .min = 0.001,
                 .max = 100});
        v.field(&Self::writable,
                {.key = "writable",
                 .text = "Tags that may be written, as patterns of their whole paths, such as `Bucket "
                         "Brigade.*` or `Plant.**.SP`; those that simulate a device which only reads stay "
                         "read-only.",
                 .max = 1'000});
    }

    /// The prefix is a tag path, `writable` has patterns; a load tag changes at most once a scan.
    void check(OptionErrors& errors) const;
};

/// Whether a tag path lies in a branch that the simulator fills, so that nobody else may use it: a real value
/// must not stand among simulated ones.
[[nodiscard]] bool claims(const SimulatorOptions& options, std::string_view path) noexcept;

}  // namespace tagwire::source::simulator
