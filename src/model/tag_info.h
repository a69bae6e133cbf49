/// What is known of a tag besides its value.
/// Thread: any once shared as `std::shared_ptr<const TagInfo>`. Lifetime: value type.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/deadband.h"
#include "model/engineering_units.h"
#include "model/tag_id.h"
#include "model/tag_path.h"
#include "model/value.h"

namespace tagwire {

/// Alarm limits in engineering units (OPC 10000-9, LimitAlarmType).
struct Limits {
    std::optional<double> lowLow, low, high, highHigh;
    [[nodiscard]] bool empty() const noexcept { return !lowLow && !low && !high && !highHigh; }
    friend bool operator==(const Limits&, const Limits&) = default;
};

enum class Access : std::uint8_t { Read = 1, Write = 2, ReadWrite = 3 };

struct TagInfo {
    TagId id;
    TagPath path;
    SourceId source;
    /// Null when the server has not told yet.
    BuiltInType type = BuiltInType::Null;
    /// Empty for a scalar; one entry a dimension for an array, 0 = any length.
    std::vector<std::uint32_t> dimensions{};
    std::optional<EngineeringUnits> units{};
    std::optional<EURange> range{};
    Limits limits{};
    Access access = Access::Read;
    /// Description by language code ("en", "zh"); key "" where the language is not known.
    std::map<std::string, std::string> description{};
    /// Labels of an enumeration's numbers, or of false (0) and true (1).
    std::map<std::int64_t, std::string> enumLabels{};
    /// Digits after the decimal point to display, where known.
    std::optional<int> decimals{};
    std::optional<std::chrono::milliseconds> samplingInterval{};
    Deadband deadband{};
    /// The value is made up by a simulator.
    bool simulated = false;

    friend bool operator==(const TagInfo&, const TagInfo&) = default;
};

using SharedTagInfo = std::shared_ptr<const TagInfo>;

}  // namespace tagwire
