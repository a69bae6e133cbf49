/// base64url without padding (RFC 4648, 5), as cookies and tokens have it, and base64 as headers do.
/// Thread: any. Lifetime: functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tagwire::access {

[[nodiscard]] std::string toBase64Url(std::string_view bytes);

/// With padding (RFC 4648, 4).
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Of text with padding. Nothing: it is none.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

/// Nothing: it is none.
[[nodiscard]] std::optional<std::string> fromBase64Url(std::string_view text);

}  // namespace tagwire::access
