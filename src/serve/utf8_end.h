/// The end of a text that is valid UTF-8 but for, perhaps, an incomplete last character.
/// Thread: any. Lifetime: function.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tagwire::serve {

/// Whether the last character (RFC 3629, 3) lacks continuation bytes.
[[nodiscard]] constexpr bool endsWithinCharacter(std::string_view text) noexcept {
    const std::size_t most =
        std::min<std::size_t>(text.size(), 3);  // a complete one of four bytes is no matter
    for (std::size_t back = 1; back <= most; ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte < 0x80) return false;
        if (byte < 0xc0) continue;
        const std::size_t length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        return back < length;
    }
    return false;
}

}  // namespace tagwire::serve
