/// Codes of COM, DCOM and OPC DA in words that say what to do.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/status_code.h"

namespace tagwire::da {

[[nodiscard]] constexpr bool isFailure(std::uint32_t code) noexcept { return (code & 0x80000000U) != 0; }

/// What an item is worth that was answered with this failure.
[[nodiscard]] StatusCode statusOfFailure(std::uint32_t code) noexcept;

/// How a write ended; codes of success that say more, such as a clamped value, are kept apart. Where the
/// server ended within the call the status says that nobody knows.
[[nodiscard]] StatusCode statusOfWrite(std::uint32_t code) noexcept;

/// "0x80070005 access denied: …"; the number alone for a code that we do not know.
[[nodiscard]] std::string hresultText(std::uint32_t code);

/// The same, in `serverText` for a code that we do not know.
[[nodiscard]] std::string hresultText(std::uint32_t code, std::string_view serverText);

}  // namespace tagwire::da
