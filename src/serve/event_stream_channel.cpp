#include "serve/event_stream_channel.h"

#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/time.h"

namespace tagwire::serve {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

EventStreamChannel::EventStreamChannel(asio::ip::tcp::socket& socket)
    : socket_(socket), idle_(socket.get_executor()) {}

asio::awaitable<void> EventStreamChannel::clientGone() {
    std::array<char, 1> unexpected{};
    (void)co_await socket_.async_read_some(asio::buffer(unexpected), kAwait);
}

void EventStreamChannel::write(std::string_view frame) {
    writing_ = true;
    asio::async_write(socket_, asio::buffer(frame),
                      [this](const boost::system::error_code& error, std::size_t) {
                          writing_ = false;
                          idle_.cancel();
                          if (onWritten) onWritten(!error);
                      });
}

void EventStreamChannel::close(CloseReason) {
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

void EventStreamChannel::cut() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> EventStreamChannel::settled() {
    cut();
    while (writing_) {
        idle_.expires_at(SteadyTime::max());
        co_await idle_.async_wait(kAwait);
    }
}

}  // namespace tagwire::serve
