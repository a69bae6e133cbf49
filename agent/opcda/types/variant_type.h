/// VARTYPEs: their names, their types in Tagwire, and values read from text as such a type.
/// Thread: any. Lifetime: constants and functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/value.h"

namespace tagwire::da {

/// The numbers of wtypes.h, for parts that are built without it.
namespace vt {
inline constexpr std::uint16_t kEmpty = 0;
inline constexpr std::uint16_t kNull = 1;
inline constexpr std::uint16_t kI2 = 2;
inline constexpr std::uint16_t kI4 = 3;
inline constexpr std::uint16_t kR4 = 4;
inline constexpr std::uint16_t kR8 = 5;
inline constexpr std::uint16_t kCy = 6;
inline constexpr std::uint16_t kDate = 7;
inline constexpr std::uint16_t kBstr = 8;
inline constexpr std::uint16_t kError = 10;
inline constexpr std::uint16_t kBool = 11;
inline constexpr std::uint16_t kVariant = 12;
inline constexpr std::uint16_t kDecimal = 14;
inline constexpr std::uint16_t kI1 = 16;
inline constexpr std::uint16_t kUi1 = 17;
inline constexpr std::uint16_t kUi2 = 18;
inline constexpr std::uint16_t kUi4 = 19;
inline constexpr std::uint16_t kI8 = 20;
inline constexpr std::uint16_t kUi8 = 21;
inline constexpr std::uint16_t kInt = 22;
inline constexpr std::uint16_t kUint = 23;
inline constexpr std::uint16_t kElement = 0x0FFF;  ///< mask
inline constexpr std::uint16_t kArray = 0x2000;
}  // namespace vt

/// OPC 10000-8, Table A.60; of the elements of an array. Null for what has no counterpart.
[[nodiscard]] BuiltInType builtInTypeOf(std::uint16_t type) noexcept;

/// "VT_R8", "VT_ARRAY|VT_BSTR", "VT_0x0123".
[[nodiscard]] std::string variantTypeName(std::uint16_t type);

/// `text` as `type`: numbers, true or false, times as parseTime() takes them, text as it stands, arrays as
/// JSON. VT_EMPTY takes text. CY and DECIMAL stay text, checked.
[[nodiscard]] Result<Value> parseValue(std::string_view text, std::uint16_t type);

}  // namespace tagwire::da
