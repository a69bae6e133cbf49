/// Columns of floating-point numbers: as integers with a decimal exponent where that is exact, as most
/// devices send them, otherwise as they are (FORMAT.md, "Floating-point columns"). Thread: any. Lifetime:
/// functions.
#pragma once

#include <span>

#include "history/bytes.h"

namespace tagwire::history {

/// Every bit is kept, also of NaN and -0.0.
void writeFloats(ByteWriter& out, std::span<const double> column);
void writeFloats(ByteWriter& out, std::span<const float> column);

/// Fills `column`; `in.ok()` turns false where the bytes end early or are wrong.
void readFloats(ByteReader& in, std::span<double> column);
void readFloats(ByteReader& in, std::span<float> column);

}  // namespace tagwire::history
