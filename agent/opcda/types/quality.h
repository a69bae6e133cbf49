/// The 16-bit quality of OPC DA: vendor (8 bits), quality (2), substatus (4), limit (2).
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/status_code.h"

namespace tagwire::da {

/// "Good", "Uncertain" or "Bad", as OpenOPC says it.
[[nodiscard]] std::string_view qualityWord(std::uint16_t quality) noexcept;

/// With substatus and limit: "Bad, not connected", "Uncertain, sensor not accurate, low limited".
[[nodiscard]] std::string qualityText(std::uint16_t quality);

/// OPC 10000-8, Table A.61, with the limit bits. A substatus that the specification does not know counts as
/// none.
[[nodiscard]] StatusCode statusOfQuality(std::uint16_t quality) noexcept;

}  // namespace tagwire::da
