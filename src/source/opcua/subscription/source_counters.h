/// What one source counts, from its start on.
/// Thread: counted by the source's, read by any. Lifetime: the source's.
#pragma once

#include "base/counter.h"

namespace tagwire::source::opcua {

struct SourceCounters {
    /// Connections that were tried, and sessions that were opened.
    Counter attempts;
    Counter sessions;
    /// Sessions after the first one.
    Counter reconnects;
    /// Of these, sessions that went on over a new connection.
    Counter sessionsResumed;
    Counter subscriptionsCreated;
    /// Taken over with all their items from a session whose connection broke.
    Counter subscriptionsTransferred;
    /// Given up because they were silent or the server ended them, and made anew.
    Counter subscriptionsRemade;
    Counter publishResponses;
    Counter keepAlives;
    /// Notification messages that were asked for again and came.
    Counter republished;
    /// Notification messages that never came, with everything in them.
    Counter messagesLost;
    /// Notification messages that came twice; the second one was dropped.
    Counter messagesRepeated;
    Counter values;
    /// Values with the server's overflow bit: others before them were lost in the item's queue.
    Counter overflows;
    /// Notifications for an item that is not, or no longer, ours.
    Counter strayValues;
    /// Refusals of single items by the server.
    Counter itemsRefused;
    /// Values of an outage that were read from the server's history.
    Counter historyValues;
    /// Items whose outage is known without a hole, and those where something stayed missing.
    Counter historyFilled;
    Counter historyIncomplete;
    /// Commands of other threads that found the queue full.
    Counter commandsRefused;
};

}  // namespace tagwire::source::opcua
