/// Units of analog values (OPC 10000-8, 5.6.4.3): what the server says of them, and the symbols of UNECE's
/// codes, which servers write in many ways. Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <open62541/types_generated.h>

#include "model/engineering_units.h"

namespace tagwire::source::opcua {

/// A unit of UNECE Recommendation 20 that plants use.
struct UneceUnit {
    /// As OPC UA packs the code.
    std::int32_t id;
    std::string_view code;
    std::string_view symbol;
};

/// All that are known here, by rising id: unece_units.csv.
[[nodiscard]] std::span<const UneceUnit> uneceUnits() noexcept;

/// Null for an id that is not known.
[[nodiscard]] const UneceUnit* uneceUnitOf(std::int32_t id) noexcept;
/// Null for a symbol that is not known; it is unique.
[[nodiscard]] const UneceUnit* uneceUnitOf(std::string_view symbol) noexcept;

/// The code's characters as a number; -1 for what is no code.
[[nodiscard]] std::int32_t unitIdOf(std::string_view code) noexcept;

/// The symbol of UNECE's code where the server gives one that is known, otherwise the name that it displays,
/// or nothing if there is none. Units of other organisations have no unitId.
[[nodiscard]] std::optional<EngineeringUnits> unitsOf(const UA_EUInformation& information);

}  // namespace tagwire::source::opcua
