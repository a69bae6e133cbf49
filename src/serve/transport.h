/// The two ways bytes travel: plain TCP and TLS over it. What serves clients is compiled for each, so that
/// the plain way pays nothing for the other. Thread: the shard's. Lifetime: types.
#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace tagwire::serve {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// Where deadlines and the socket are.
inline PlainStream& tcpOf(PlainStream& stream) noexcept { return stream; }
inline PlainStream& tcpOf(TlsStream& stream) noexcept { return stream.next_layer(); }

}  // namespace tagwire::serve
