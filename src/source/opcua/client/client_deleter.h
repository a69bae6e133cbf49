/// Deletes one of the library's clients without waiting for the server.
/// Thread: the source's. Lifetime: function object.
#pragma once

#include <open62541/client.h>

namespace tagwire::source::opcua {

/// UA_Client_delete waits without limit for its connection to close. When the server has sent a message of an
/// unknown kind, the library takes the connection for closing and never closes it: it would wait until the
/// server goes away. So every socket of the client's own event loop is closed first, which waits for nobody.
struct ClientDeleter {
    void operator()(UA_Client* client) const noexcept;
};

}  // namespace tagwire::source::opcua
