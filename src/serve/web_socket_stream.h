/// The Beast part of WebSocketChannel, apart so that sessions compile without Beast.
/// Thread: the shard's. Lifetime: owned by the channel.
#pragma once

#include <cstddef>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "serve/direct_stream.h"
#include "serve/web_socket_channel.h"

namespace tagwire::serve {

struct WebSocketChannel::Stream {
    explicit Stream(boost::beast::tcp_stream&& tcp) : socket(std::move(tcp)), idle(socket.get_executor()) {}

    boost::beast::websocket::stream<DirectStream> socket;
    boost::beast::flat_buffer received;
    std::size_t receivedUsed = 0;
    /// Writes and the closing handshake under way; `idle` is cancelled when the last ends.
    int underWay = 0;
    boost::asio::steady_timer idle;
};

}  // namespace tagwire::serve
