/// Looks into the text of a document, which came from outside.
/// Thread: any. Lifetime: function.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::documents {

inline constexpr std::size_t kMaxDepth = 32;
/// UTF-8.
inline constexpr std::size_t kMaxTitleBytes = 512;

/// The member `title` of the object that `text` is. The error says what was expected.
[[nodiscard]] Result<std::string> titleOf(std::string_view text);

}  // namespace tagwire::documents
