/// Numbers of one connection's conversation.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>

#include "base/strong_id.h"

namespace tagwire::wire {

/// The client's number of a request, repeated in its answer; the protocol's `id`.
using RequestId = StrongId<struct RequestIdTag, std::uint64_t>;

/// The server's number of a subscription, unique in its connection, from 1; the protocol's `sub`.
using SubId = StrongId<struct SubIdTag, std::uint32_t>;

}  // namespace tagwire::wire
