/// The body of a server-sent event stream: text written as it comes, ended by closing the connection.
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "serve/push_channel.h"

namespace tagwire::serve {

class EventStreamChannel final : public PushChannel {
public:
    /// The response's header has been written.
    explicit EventStreamChannel(boost::asio::ip::tcp::socket& socket);

    /// Ends when the client closed, or sent what it must not.
    boost::asio::awaitable<void> clientGone();

    void write(std::string_view frame) override;
    /// An event stream has no closing code: clients reconnect by themselves.
    void close(CloseReason reason) override;
    void cut() noexcept override;
    boost::asio::awaitable<void> settled() override;

private:
    boost::asio::ip::tcp::socket& socket_;
    bool writing_ = false;
    boost::asio::steady_timer idle_;
};

}  // namespace tagwire::serve
