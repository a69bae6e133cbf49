/// What of a sample can be drawn, and reckoned with.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cmath>
#include <limits>

#include "model/data_value.h"

namespace tagwire::history {

inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// Booleans, integers and floating-point numbers, no arrays.
[[nodiscard]] constexpr bool isNumeric(BuiltInType type) noexcept {
    return type >= BuiltInType::Boolean && type <= BuiltInType::Double;
}

/// kNoNumber where nothing can be reckoned with it: Bad, infinite or no number at all.
[[nodiscard]] inline double numberOf(double value, StatusCode status) noexcept {
    return status.isBad() || !std::isfinite(value) ? kNoNumber : value;
}
[[nodiscard]] inline double numberOf(const DataValue& value) noexcept {
    return isNumeric(value.value.type()) ? numberOf(value.value.toDouble(), value.status) : kNoNumber;
}

/// A value that is no number by its type: text, structure, array, point in time.
[[nodiscard]] inline bool isText(const Value& value) noexcept {
    return !value.isNull() && (value.isArray() || !isNumeric(value.type()));
}

struct NumberSample {
    Timestamp time;
    double number = kNoNumber;
    StatusCode status;
};

}  // namespace tagwire::history
