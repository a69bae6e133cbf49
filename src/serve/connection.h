/// One TCP connection, from its first byte to its last.
/// Thread: the shard's. Lifetime: owned by the shard until run() has ended.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace tagwire::serve {

struct ClientAddress;
class ClientLink;
class Shard;

class Connection {
public:
    Connection(Shard& shard, boost::asio::ip::tcp::socket socket, std::shared_ptr<ClientAddress> address);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    boost::asio::awaitable<void> run();

    /// Ends a connection that waits for its next request; others end after their answer or by their session.
    void stopIdle() noexcept;
    void cut() noexcept;

private:
    Shard& shard_;
    std::shared_ptr<ClientAddress> address_;
    std::unique_ptr<ClientLink> link_;
};

}  // namespace tagwire::serve
