/// What somebody is allowed to do at all. Each role may do what those below it may.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/option.h"
#include "base/result.h"

namespace tagwire::access {

/// In rising order. The names are those of the trade: an operator runs the plant, an engineer changes how it
/// is connected and shown, an administrator decides who may do what.
enum class Role : std::uint8_t { Viewer, Operator, Engineer, Administrator };

[[nodiscard]] std::span<const OptionName<Role>> optionNames(Role role) noexcept;

[[nodiscard]] std::string_view nameOf(Role role) noexcept;

/// The error names the roles there are.
[[nodiscard]] Result<Role> parseRole(std::string_view text);

}  // namespace tagwire::access
