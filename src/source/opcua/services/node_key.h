/// Node ids to keep: small keys of sets and maps, bytes that are equal exactly when the ids are.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// At most 11 bytes for numeric ids, so that no memory is taken for them.
[[nodiscard]] std::string keyOf(const UA_NodeId& id);
/// The id whose keyOf() this is.
[[nodiscard]] Ua<UA_NodeId> nodeOfKey(const std::string& key);

}  // namespace tagwire::source::opcua
