#include "source/opcua/client/client_deleter.h"

#include <open62541/plugin/eventloop.h>

namespace tagwire::source::opcua {
namespace {

/// Closing takes the loop two or three turns; without progress the library may still end it as it likes.
constexpr int kMaxTurns = 100;

}  // namespace

void ClientDeleter::operator()(UA_Client* client) const noexcept {
    if (UA_EventLoop* loop = UA_Client_getConfig(client)->eventLoop; loop != nullptr) {
        loop->stop(loop);
        for (int turn = 0; turn < kMaxTurns && loop->state == UA_EVENTLOOPSTATE_STOPPING; ++turn) {
            static_cast<void>(loop->run(loop, 0));
        }
    }
    UA_Client_delete(client);
}

}  // namespace tagwire::source::opcua
