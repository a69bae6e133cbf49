/// What is kept of an agent's token.
/// Thread: any. Lifetime: function.
#pragma once

#include <string>
#include <string_view>

namespace tagwire::source::opcda {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string tokenHash(std::string_view token);

}  // namespace tagwire::source::opcda
