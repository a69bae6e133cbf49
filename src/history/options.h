/// Options of the history: the table [history] of the configuration.
/// Thread: any. Lifetime: value types.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/option.h"

namespace tagwire::history {

/// Which changes of a tag are recorded.
enum class RecordWhat : std::uint8_t { All, Deadband, Nothing };

[[nodiscard]] std::span<const OptionName<RecordWhat>> optionNames(RecordWhat what) noexcept;

struct RuleOptions {
    std::string tags;
    RecordWhat record = RecordWhat::All;
    std::optional<double> deadbandAbsolute;
    std::optional<double> deadbandPercent;
    std::chrono::milliseconds minInterval{0};
    std::chrono::milliseconds maxInterval{0};

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = RuleOptions;
        v.field(&O::tags, {.key = "tags",
                           .text = "Paths the rule is for: `*` stands for a part of a level, `**` for any "
                                   "levels, as in `Line1.**`.",
                           .min = 1,
                           .max = 512,
                           .required = true});
        v.field(&O::record, {.key = "record",
                             .text = "`all` changes that Tagwire publishes, those beyond a `deadband`, or "
                                     "`nothing`."});
        v.field(&O::deadbandAbsolute,
                {.key = "deadband_absolute",
                 .text = "With `deadband`: changes up to this size from the last recorded value are left "
                         "out, in the tag's unit.",
                 .min = 0});
        v.field(&O::deadbandPercent,
                {.key = "deadband_percent",
                 .text = "With `deadband`: the same in percent of the tag's normal range; without a range "
                         "every change is recorded.",
                 .unit = "%",
                 .min = 0,
                 .max = 100});
        v.field(
            &O::minInterval,
            {.key = "min_interval_ms",
             .text = "Changes that follow the last recorded one sooner wait until the time is over; only the "
                     "last of them is recorded. A change of quality never waits.",
             .unit = "ms",
             .min = 0,
             .max = 86'400'000});
        v.field(&O::maxInterval,
                {.key = "max_interval_ms",
                 .text = "A change within the deadband is recorded all the same when the last recorded one "
                         "is so old; 0: never.",
                 .unit = "ms",
                 .min = 0,
                 .max = 86'400'000});
    }

    void check(OptionErrors& errors) const;
};

struct HistoryOptions {
    bool enabled = true;
    std::string folder = "history";
    std::uint32_t keepDays = 400;
    std::uint32_t maxSizeMb = 10'000;
    std::vector<RuleOptions> rules;

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = HistoryOptions;
        v.field(&O::enabled, {.key = "enabled", .text = "Whether changes are recorded at all."});
        v.field(&O::folder, {.key = "folder",
                             .text = "Folder of the record, relative to the configuration's folder; made if "
                                     "it is missing. Two programs need two folders.",
                             .min = 1,
                             .max = 4096});
        v.field(&O::keepDays, {.key = "keep_days",
                               .text = "What is older is removed; 0 keeps everything that max_size_mb leaves "
                                       "room for.",
                               .unit = "days",
                               .min = 0,
                               .max = 36'500});
        v.field(
            &O::maxSizeMb,
            {.key = "max_size_mb",
             .text = "Largest size of the record on disk; the oldest is removed for it. 1,000 MB hold some "
                     "500 million changes of numbers. The journal beside it takes up to 256 MB more.",
             .unit = "MB",
             .min = 16,
             .max = 100'000'000});
        v.field(&O::rules,
                {.key = "rules",
                 .text = "What is recorded of which tags; the first rule that fits a tag counts, and "
                         "a tag that none fits is recorded with all its changes.",
                 .max = 1000});
    }
};

}  // namespace tagwire::history
