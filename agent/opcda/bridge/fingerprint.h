/// The SHA-256 of a certificate, by which somebody who has no authority for it says which one to trust.
/// Thread: any. Lifetime: value type.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::da {

using Fingerprint = std::array<std::uint8_t, 32>;

/// 64 hexadecimal digits, with or without colons or blanks between them, as tools show it.
[[nodiscard]] Result<Fingerprint> parseFingerprint(std::string_view text);
/// With colons and capitals, as openssl shows it.
[[nodiscard]] std::string fingerprintText(const Fingerprint& fingerprint);

}  // namespace tagwire::da
