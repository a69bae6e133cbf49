/// A JSON parser for untrusted messages: limited depth, no member twice in one object.
/// Thread: any. Lifetime: function.
#pragma once

#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include "base/result.h"

namespace tagwire {

/// `maxDepth` counts nested arrays and objects. The error names the byte where reading stopped. The value
/// lives in `memory`.
[[nodiscard]] Result<boost::json::value> parseStrictJson(std::string_view text, std::size_t maxDepth,
                                                         const boost::json::storage_ptr& memory);

}  // namespace tagwire
