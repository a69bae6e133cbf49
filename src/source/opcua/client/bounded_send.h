/// Keeps the library from waiting for ever in a send.
/// Thread: the source's. Lifetime: function.
#pragma once

#include <chrono>

#include <open62541/plugin/eventloop.h>

namespace tagwire::source::opcua {

/// The longest that one message to a server that does not read may hold up the I/O thread.
inline constexpr std::chrono::milliseconds kSendDeadline{500};

/// The library's TCP sends wait without limit when the peer has stopped reading and the socket's buffer is
/// full. After this call they give up at kSendDeadline and close the connection.
void boundSends(UA_EventLoop& loop) noexcept;

}  // namespace tagwire::source::opcua
