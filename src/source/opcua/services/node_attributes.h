/// Everything a person wants to see of one node. Thread: the source's. Lifetime: functions; as
/// batched_call.h.
#pragma once

#include <functional>

#include "model/address_space.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/text/node_id_text.h"

namespace tagwire::source::opcua {

/// Inverse references that are shown at most.
inline constexpr std::size_t kMaxInverseReferences = 1'000;

/// `done` is called once, when the types that the value mentions have been read; `types` outlives it.
void readNodeAttributes(const ServerView& server, TypeReader& types, const NodeAddress& node,
                        std::function<void(NodeAttributes)> done);

}  // namespace tagwire::source::opcua
