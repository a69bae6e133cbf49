/// Words for what an option may be: the same in messages about problems and in the documentation.
/// Thread: any. Lifetime: no state.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/option.h"
#include "config/option_type.h"

namespace tagwire::config {

[[nodiscard]] std::string allowedInteger(const IntegerBounds& bounds, const Option& option);
[[nodiscard]] std::string allowedNumber(const Option& option);
[[nodiscard]] std::string allowedText(const Option& option);
[[nodiscard]] std::string allowedTexts(const Option& option);
[[nodiscard]] std::string allowedNames(std::span<const std::string_view> names);

/// The name that `word` is probably a slip for; empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

/// "a, b and c" with the last word given.
[[nodiscard]] std::string enumerate(std::span<const std::string_view> names, std::string_view lastJoin);

/// Control characters as \xNN, so that a text cannot break a line.
[[nodiscard]] std::string printable(std::string_view text);

/// In quotes, shortened to what fits into a message.
[[nodiscard]] std::string inQuotes(std::string_view text);

/// Characters, not bytes.
[[nodiscard]] std::size_t lengthOf(std::string_view text) noexcept;

}  // namespace tagwire::config
