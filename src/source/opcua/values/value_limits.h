/// What one value may cost us, whatever the server sends. Thread: the owner's. Lifetime: value types.
#pragma once

#include <cstddef>

namespace tagwire::source::opcua {

/// Arrays keep their first elements and lose their dimensions, texts keep their beginning; the status then
/// says UncertainDataSubNormal unless it was not Good anyway. A structure that is too large is opaque.
struct ValueLimits {
    static constexpr std::size_t kMaxElements = 65'536;
    /// Of all texts, byte strings and structures as JSON in the value together.
    static constexpr std::size_t kMaxBytes = 1'048'576;
    /// Of Variants, DataValues and structures within each other; what lies deeper is opaque.
    static constexpr int kMaxDepth = 16;
};

/// What is left of them while one value is converted.
struct ValueBudget {
    std::size_t elements = ValueLimits::kMaxElements;
    std::size_t bytes = ValueLimits::kMaxBytes;
    int depth = 0;
    /// Something was cut.
    bool truncated = false;
    /// Something is opaque only because its type is still being read.
    bool awaitsTypes = false;
};

}  // namespace tagwire::source::opcua
