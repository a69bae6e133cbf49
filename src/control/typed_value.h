/// Makes the value that a client sent one of the tag's type and shape, or says why it is none. Nothing is
/// rounded, cut or guessed: what does not fit exactly is refused.
/// Thread: any. Lifetime: function.
#pragma once

#include <boost/json/value.hpp>

#include "control/refusal.h"
#include "model/tag_info.h"

namespace tagwire::control {

/// Booleans, integers, reals, texts and times, and arrays of those; the forms are those of the protocol.
/// Whole numbers may be written as 55.0; 64-bit integers beyond ±(2^53-1) only as strings, because JavaScript
/// rounds them. Real numbers are taken in the precision of the tag's type, but have to be numbers.
[[nodiscard]] Result<Value, Refusal> typedValue(const boost::json::value& sent, const TagInfo& tag);

}  // namespace tagwire::control
