/// Server-sent events over plain TCP or TLS: text written as it comes, ended by closing the connection.
/// Included by who makes them; sessions see EventStreamChannel.
/// Thread: the shard's. Lifetime: within the connection's coroutine; ends by settled().
#pragma once

#include <array>
#include <cstddef>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/time.h"
#include "serve/event_stream_channel.h"
#include "serve/transport.h"

namespace tagwire::serve {

template <class Stream>
class EventStreamOver final : public EventStreamChannel {
public:
    /// The response's header has been written, and the stream has no deadline.
    explicit EventStreamOver(Stream& stream) : stream_(stream), idle_(stream.get_executor()) {}

    boost::asio::awaitable<void> clientGone() override {
        (void)co_await stream_.async_read_some(boost::asio::buffer(unexpected_), kAwait);
    }

    void write(std::string_view frame) override {
        writing_ = true;
        boost::asio::async_write(stream_, boost::asio::buffer(frame), [this](const auto& error, std::size_t) {
            writing_ = false;
            idle_.cancel();
            if (onWritten) onWritten(!error);
        });
    }

    /// An event stream has no closing code: clients reconnect by themselves.
    void close(CloseReason) override {
        boost::system::error_code ignored;
        tcpOf(stream_).socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }

    void cut() noexcept override { tcpOf(stream_).close(); }

    boost::asio::awaitable<void> settled() override {
        cut();
        while (writing_) {
            idle_.expires_at(SteadyTime::max());
            co_await idle_.async_wait(kAwait);
        }
    }

private:
    static constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

    Stream& stream_;
    std::array<char, 1> unexpected_{};
    bool writing_ = false;
    boost::asio::steady_timer idle_;
};

}  // namespace tagwire::serve
