/// A WebSocket (RFC 6455) as sessions see it.
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "serve/push_channel.h"

namespace tagwire::serve {

class WebSocketChannel final : public PushChannel {
public:
    struct Stream;

    explicit WebSocketChannel(std::unique_ptr<Stream> stream);
    ~WebSocketChannel() override;

    struct Message {
        std::string_view text;  ///< valid until the next read
        bool binary = false;
    };
    /// The next message; nothing when the connection has ended. Messages over the limit end it with 1009,
    /// text that is not UTF-8 with 1007.
    boost::asio::awaitable<std::optional<Message>> read();

    [[nodiscard]] Sent tryWrite(std::string_view frame) override;
    void write(std::string_view frame) override;
    void close(CloseReason reason) override;
    void cut() noexcept override;
    boost::asio::awaitable<void> settled() override;

private:
    std::unique_ptr<Stream> stream_;
};

}  // namespace tagwire::serve
