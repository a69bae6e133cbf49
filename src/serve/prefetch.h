/// With thousands of clients nothing of one is in the processor's caches when its turn comes. It waits less
/// when it was told some clients before what it will need. Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>

namespace tagwire::serve {

/// Lets the processor fetch `size` bytes from `at` on, which may be no memory at all.
inline void prefetch(const void* at, std::size_t size) noexcept {
    constexpr std::size_t kLine = 64;
    const auto* const bytes = static_cast<const std::byte*>(at);
    for (std::size_t offset = 0; offset < size; offset += kLine) __builtin_prefetch(bytes + offset);
}

}  // namespace tagwire::serve
