/// CY: ten-thousandths in 64 bits, as decimal text, because no binary number holds them exactly.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tagwire::da {

/// Without zeros at the end of the fraction: 12.5 for 125000.
[[nodiscard]] std::string currencyText(std::int64_t tenThousandths);

/// None for what is no decimal number, has more than four digits of fraction, or does not fit.
[[nodiscard]] std::optional<std::int64_t> parseCurrency(std::string_view text) noexcept;

}  // namespace tagwire::da
