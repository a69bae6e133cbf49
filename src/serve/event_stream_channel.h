/// The body of a server-sent event stream as sessions see it; event_stream_over.h is what it is.
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include "serve/push_channel.h"

namespace tagwire::serve {

class EventStreamChannel : public PushChannel {
public:
    /// Ends when the client closed, or sent what it must not.
    virtual boost::asio::awaitable<void> clientGone() = 0;
};

}  // namespace tagwire::serve
