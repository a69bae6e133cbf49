/// Accepts connections and hands them to the shards in turn.
/// Thread: open by the composition root; accepting on the first shard's. Lifetime: owned by Server.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/result.h"
#include "serve/client_addresses.h"
#include "serve/listen_address.h"
#include "serve/server_context.h"

namespace tagwire::serve {

class Shard;

class Listener {
public:
    Listener(ServerContext& server, const std::vector<std::unique_ptr<Shard>>& shards);

    /// Binds; the error says what to do (port in use, no such address, no permission).
    [[nodiscard]] Result<void> open(const ListenAddress& address);
    void start();
    /// No connection is accepted any more. Returns before the shards' threads have noticed.
    void stop();

private:
    void accept();
    void take(Shard& shard, boost::asio::ip::tcp::socket socket);
    /// Says why, where that costs no TLS handshake, and closes.
    void refuse(Shard& shard, boost::asio::ip::tcp::socket socket, std::string_view answer);

    ServerContext& server_;
    const std::vector<std::unique_ptr<Shard>>& shards_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    ClientAddresses addresses_;
    std::size_t next_ = 0;
};

}  // namespace tagwire::serve
