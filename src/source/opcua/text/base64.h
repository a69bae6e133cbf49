/// Base64 with padding (RFC 4648, 4), as in opaque node ids.
/// Thread: any. Lifetime: functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tagwire::source::opcua {

[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Nothing when `text` is not exactly what toBase64() gives for some bytes.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

}  // namespace tagwire::source::opcua
