/// Notices that a client hangs up while its answer is still being made and nobody reads from its connection.
/// Also a client that only says that it will send nothing more counts as gone, as it does for most servers.
/// Thread: the shard's. Lifetime: within that of the socket.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

namespace tagwire::serve {

class HangUpWatch {
public:
    /// Calls `gone` once, some tenths of a second after the client has hung up.
    HangUpWatch(boost::asio::ip::tcp::socket& client, std::function<void()> gone);
    ~HangUpWatch();
    HangUpWatch(const HangUpWatch&) = delete;
    HangUpWatch& operator=(const HangUpWatch&) = delete;

private:
    struct Watched;
    static void lookLater(const std::shared_ptr<Watched>& watched);

    std::shared_ptr<Watched> watched_;
};

}  // namespace tagwire::serve
