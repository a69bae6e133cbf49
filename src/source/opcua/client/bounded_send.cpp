#include "source/opcua/client/bounded_send.h"

#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

#include "base/time.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

/// Waits until the socket takes more; false at the deadline or when it is broken.
bool awaitWritable(int socket, SteadyTime deadline) noexcept {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    if (left <= 0) return false;
    pollfd waited{socket, POLLOUT, 0};
    return poll(&waited, 1, static_cast<int>(left)) >= 0 || errno == EINTR;
}

bool sendAll(int socket, const UA_ByteString& message) noexcept {
    const SteadyTime deadline = SteadyClock::now() + kSendDeadline;
    std::size_t sent = 0;
    while (sent < message.length) {
        const auto count =
            ::send(socket, message.data + sent, message.length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            if (!awaitWritable(socket, deadline)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

UA_StatusCode send(UA_ConnectionManager* manager, uintptr_t connection, const UA_KeyValueMap* /*parameters*/,
                   UA_ByteString* message) {
    // The library's POSIX event loop uses the socket as the connection's id.
    const bool sent = sendAll(static_cast<int>(connection), *message);
    manager->freeNetworkBuffer(manager, connection, message);
    if (sent) return UA_STATUSCODE_GOOD;
    manager->closeConnection(manager, connection);
    return UA_STATUSCODE_BADCONNECTIONCLOSED;
}

}  // namespace

void boundSends(UA_EventLoop& loop) noexcept {
    for (UA_EventSource* source = loop.eventSources; source != nullptr; source = source->next) {
        if (source->eventSourceType != UA_EVENTSOURCETYPE_CONNECTIONMANAGER) continue;
        auto* manager = reinterpret_cast<UA_ConnectionManager*>(source);
        if (view(manager->protocol) == "tcp") manager->sendWithConnection = send;
    }
}

}  // namespace tagwire::source::opcua
