/// Keeps a value within what the tag is made for.
/// Thread: any. Lifetime: function.
#pragma once

#include <optional>

#include "control/refusal.h"
#include "model/tag_info.h"

namespace tagwire::control {

/// Numbers, and each element of an array, have to lie within the tag's range and within its outermost alarm
/// limits, and be one of its labels where it is an enumeration. Nothing: it may be written.
[[nodiscard]] std::optional<Refusal> outOfRange(const Value& value, const TagInfo& tag);

}  // namespace tagwire::control
