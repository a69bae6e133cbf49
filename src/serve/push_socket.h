/// How the socket of a client that is pushed to is set up.
/// Thread: the shard's. Lifetime: function.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace tagwire::serve {

/// Unsent bytes that the kernel takes before it says "later". Without this bound it takes megabytes for a
/// client that reads slowly, all of which grow old there: what waits here is conflated instead, and a client
/// that has stopped reading is noticed sooner. Large enough for a whole frame, so that fast clients never
/// notice.
inline constexpr int kMaxUnsentBytes = 256 * 1024;

inline void setUpForPushing(boost::asio::ip::tcp::socket& socket) {
    boost::system::error_code ignored;  // a socket that is closed already is noticed when it is written to
    socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMaxUnsentBytes,
                 sizeof kMaxUnsentBytes);
}

}  // namespace tagwire::serve
