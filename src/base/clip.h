/// Texts from outside, no longer than there is room for.
/// Thread: any. Lifetime: function.
#pragma once

#include <cstddef>
#include <string>

namespace tagwire {

/// The first `most` bytes, without a part of a character (UTF-8) at the end.
[[nodiscard]] inline std::string clipped(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text;
}

}  // namespace tagwire
