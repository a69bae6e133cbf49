/// Values as JSON (docs/protocol.md, Values) back into values of a known type.
/// Thread: any. Lifetime: function.
#pragma once

#include <optional>

#include <boost/json/value.hpp>

#include "model/value.h"

namespace tagwire::source::opcda {

struct ValueShape {
    BuiltInType type = BuiltInType::Null;
    bool array = false;
    friend bool operator==(const ValueShape&, const ValueShape&) = default;
};

/// Null is a null value of any type. None where the text is not of the type, or the type is none that OPC DA
/// has: Boolean, the integers, Float, Double, String, DateTime, Variant (elements of arrays: what JSON says).
[[nodiscard]] std::optional<Value> readValue(const boost::json::value& from, ValueShape shape);

}  // namespace tagwire::source::opcda
