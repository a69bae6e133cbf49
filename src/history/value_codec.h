/// Any Value as bytes, and back, bit by bit (FORMAT.md, "Values").
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "history/bytes.h"
#include "model/value.h"

namespace tagwire::history {

/// Arrays of Variants and DataValues lie in each other at most so deep.
inline constexpr unsigned kMaxValueDepth = 16;

/// What type a value is of, in one byte: the number of its BuiltInType, plus kArrayKind for an array.
using ValueKind = std::uint8_t;
inline constexpr ValueKind kArrayKind = 32;
inline constexpr ValueKind kKindMask = 63;

[[nodiscard]] ValueKind kindOf(const Value& value) noexcept;

/// Without its kind. False, with half of it written, when it lies deeper than kMaxValueDepth.
[[nodiscard]] bool writeContent(ByteWriter& out, const Value& value);

/// `in.ok()` turns false where the bytes are none of `kind`.
[[nodiscard]] Value readContent(ByteReader& in, ValueKind kind);

}  // namespace tagwire::history
