/// Something that works on every connection besides the monitored items: metadata, events, subtrees, history.
/// Thread: the source's. Lifetime: outlives the session it was added to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

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
    /// Messages of this subscription are missing, and what they carried is lost.
    virtual void onGap(std::uint32_t subscription) { static_cast<void>(subscription); }
    /// This subscription, which is none of the items', has ended or is silent while others are not.
    virtual void onSubscriptionLost(std::uint32_t subscription, StatusCode reason) {
        static_cast<void>(subscription);
        static_cast<void>(reason);
    }
    /// Nothing more comes of this connection, and nothing can be sent on it.
    virtual void onClosed() {}

    /// A subscription of its own on this connection that the next one may take over; 0 for none.
    [[nodiscard]] virtual std::uint32_t ownSubscription() const { return 0; }
    /// That subscription of an earlier connection goes on, over this one. Called after onOpened(), before the
    /// first onTurn().
    virtual void onTakenOver(Generation& generation) { static_cast<void>(generation); }
    /// Monitored items in this subscription of its own.
    [[nodiscard]] virtual std::size_t itemsIn(std::uint32_t subscription) const {
        static_cast<void>(subscription);
        return 0;
    }
    /// What an administrator has to know of a source that is live; empty for nothing.
    [[nodiscard]] virtual std::string notice() const { return {}; }
};

}  // namespace tagwire::source::opcua
