/// A WebSocket (RFC 6455) as sessions see it; web_socket_over.h is what it is.
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <optional>
#include <string_view>

#include "serve/push_channel.h"

namespace tagwire::serve {

class WebSocketChannel : public PushChannel {
public:
    struct Message {
        std::string_view text;  ///< valid until the next read
        bool binary = false;
    };
    /// The next message; nothing when the connection has ended. Messages over the limit end it with 1009,
    /// text that is not UTF-8 with 1007.
    virtual boost::asio::awaitable<std::optional<Message>> read() = 0;
};

}  // namespace tagwire::serve
