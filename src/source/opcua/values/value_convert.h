/// From the library's decoded values to the model's.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// What one value may cost us, whatever the server sends. Arrays keep their first elements and lose their
/// dimensions, texts keep their beginning; the status then says UncertainDataSubNormal unless it was not Good
/// anyway.
struct ValueLimits {
    static constexpr std::size_t kMaxElements = 65'536;
    /// Of all texts and byte strings in the value together.
    static constexpr std::size_t kMaxBytes = 1'048'576;
    /// Of Variants and DataValues within each other; what lies deeper is opaque.
    static constexpr int kMaxDepth = 8;
};

/// Times that are missing, or are DateTime's null or its end (OPC 10000-6, 5.2.2.5), are replaced: the
/// source's by the server's, the server's by `received`. Text that is not UTF-8 gets replacement characters.
/// Structures are opaque with the reason.
[[nodiscard]] DataValue convert(const UA_DataValue& value, NamespaceArray namespaces, Timestamp received);

}  // namespace tagwire::source::opcua
