#include "serve/client_addresses.h"

#include <algorithm>

namespace tagwire::serve {

namespace ip = boost::asio::ip;

namespace {

constexpr std::size_t kKeptWithoutLooking = 1024;

}  // namespace

ClientAddresses::ClientAddresses(const std::vector<std::string>& shared) : forgetAt_(kKeptWithoutLooking) {
    for (const auto& text : shared) shared_.insert(clientOf(ip::make_address(text)));
}

std::shared_ptr<ClientAddress> ClientAddresses::of(const ip::address& address, SteadyTime now) {
    const auto client = clientOf(address);
    if (shared_.contains(client)) return nullptr;
    if (known_.size() >= forgetAt_) forgetIdle(now);
    auto& known = known_[client];
    if (!known) known = std::make_shared<ClientAddress>();
    return known;
}

void ClientAddresses::forgetIdle(SteadyTime now) {
    std::erase_if(known_, [now](const auto& entry) {
        return entry.second.use_count() == 1 && entry.second->requests.idle(now);
    });
    forgetAt_ = std::max(kKeptWithoutLooking, 2 * known_.size());
}

ip::address clientOf(const ip::address& address) {
    if (address.is_v4()) return address;
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
    if (v6.is_loopback()) return v6;
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return ip::address_v6(bytes);
}

}  // namespace tagwire::serve
