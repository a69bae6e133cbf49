/// What each address takes of the server: its connections and its requests a second.
/// Thread: of(), all but RateLimit, belongs to the listener's; a ClientAddress is shared by the connections
/// of all shards. Lifetime: owned by the listener; a ClientAddress lives as long as a connection holds it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/time.h"
#include "serve/rate_limit.h"

namespace tagwire::serve {

struct ClientAddress {
    RateLimit requests;
};

class ClientAddresses {
public:
    /// `shared`: addresses that stand for many clients and have no limits; already validated.
    explicit ClientAddresses(const std::vector<std::string>& shared);

    /// For one connection more. Nothing for shared addresses.
    [[nodiscard]] std::shared_ptr<ClientAddress> of(const boost::asio::ip::address& address, SteadyTime now);

    /// Connections that hold it, besides the one in hand.
    [[nodiscard]] static std::size_t others(const std::shared_ptr<ClientAddress>& address) noexcept {
        return static_cast<std::size_t>(address.use_count()) - 2;
    }

    [[nodiscard]] std::size_t size() const noexcept { return known_.size(); }

private:
    void forgetIdle(SteadyTime now);

    std::unordered_set<boost::asio::ip::address> shared_;
    std::unordered_map<boost::asio::ip::address, std::shared_ptr<ClientAddress>> known_;
    std::size_t forgetAt_;
};

/// Who is counted as one client: an IPv4 address, also within IPv6, or the /64 network of an IPv6 address, of
/// which every customer has at least one whole.
[[nodiscard]] boost::asio::ip::address clientOf(const boost::asio::ip::address& address);

}  // namespace tagwire::serve
