/// Something that works on every connection besides the monitored items: metadata, events, subtrees, history.
/// Thread: the source's. Lifetime: outlives the session it was added to.
#pragma once

#include <optional>
#include <span>

#include <open62541/types_generated.h>

#include "base/time.h"

namespace tagwire::source::opcua {

class Generation;

class ConnectionPart {
public:
    ConnectionPart() = default;
    ConnectionPart(const ConnectionPart&) = delete;
    ConnectionPart& operator=(const ConnectionPart&) = delete;
    virtual ~ConnectionPart() = default;

    /// A session is open; namespaces and limits are known; items are being asked for. `generation` and what
    /// it owns stay until onClosed().
    virtual void onOpened(Generation& generation) { static_cast<void>(generation); }
    /// Every item was created or has failed. `lostSince`: the last time anything came on an earlier
    /// connection; unset for the first.
    virtual void onLive(Generation& generation, std::optional<Timestamp> lostSince) {
        static_cast<void>(generation);
        static_cast<void>(lostSince);
    }
    /// Once a turn of the I/O loop, between onOpened() and onClosed().
    virtual void onTurn(Generation& generation, SteadyTime now) {
        static_cast<void>(generation);
        static_cast<void>(now);
    }
    virtual void onEvents(std::span<const UA_EventFieldList> events) { static_cast<void>(events); }
    /// Nothing more comes of this connection, and nothing can be sent on it.
    virtual void onClosed() {}
};

}  // namespace tagwire::source::opcua
