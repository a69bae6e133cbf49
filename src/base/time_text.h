/// Times that people and programs write.
/// Thread: any. Lifetime: function.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tagwire {

/// Milliseconds since 1970 (`1795435200000`), or ISO 8601 in its extended form: `2026-11-23`,
/// `2026-11-23T12:00`, `2026-11-23T12:00:00.25Z`, `2026-11-23T20:00:00+08:00`, with a blank for the T where
/// one likes; UTC where no offset is given. Years 1601 to 9999, as OPC UA has them. The error says what was
/// expected.
[[nodiscard]] Result<Timestamp> parseTime(std::string_view text);

}  // namespace tagwire
