/// What a connection does at the moment: a TLS handshake, HTTP, a WebSocket or an event stream.
/// Thread: the shard's. Lifetime: owned by the connection; outlives its run().
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

namespace tagwire::serve {

struct ClientAddress;

/// Where a connection comes from.
struct ClientOrigin {
    ClientAddress* address = nullptr;  ///< for the limits; none where it has none. Outlives the link.
    boost::asio::ip::address peer;
};

class ClientLink {
public:
    ClientLink() = default;
    ClientLink(const ClientLink&) = delete;
    ClientLink& operator=(const ClientLink&) = delete;
    virtual ~ClientLink() = default;

    /// Ends when the client has gone or was sent away.
    virtual boost::asio::awaitable<void> run() = 0;
    /// Ends a link that waits for a request or a handshake; others end after their answer or by their
    /// session.
    virtual void stopIdle() noexcept = 0;
    virtual void cut() noexcept = 0;
};

}  // namespace tagwire::serve
