#include "history/checksum.h"

#define XXH_INLINE_ALL  // NOLINT(readability-identifier-naming): the library's name
#include <xxhash.h>

namespace tagwire::history {

std::uint32_t checksum(std::string_view bytes) noexcept { return static_cast<std::uint32_t>(digest(bytes)); }

std::uint64_t digest(std::string_view bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace tagwire::history
