/// Which changes are worth reporting (OPC 10000-4, 7.22.2 DataChangeFilter).
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>

#include "model/data_value.h"
#include "model/engineering_units.h"

namespace tagwire {

/// What counts as a change besides the deadband. The status always does.
enum class DataChangeTrigger : std::uint8_t { Status, StatusValue, StatusValueTimestamp };

struct Deadband {
    enum class Kind : std::uint8_t { None, Absolute, Percent };

    Kind kind = Kind::None;
    /// Absolute: engineering units. Percent: of the EURange, 0..100; without an EURange it passes every
    /// change.
    double size = 0;
    DataChangeTrigger trigger = DataChangeTrigger::StatusValue;

    /// Whether `latest` must be reported when `reported` was the last one reported. Arrays and non-numbers
    /// pass when anything in them differs. A change of status always passes.
    [[nodiscard]] bool passes(const DataValue& reported, const DataValue& latest,
                              const EURange* range) const noexcept;

    friend bool operator==(const Deadband&, const Deadband&) = default;
};

}  // namespace tagwire
