#include "source/opcua/client/host_lookup.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>

namespace tagwire::source::opcua {

struct HostLookup::Shared {
    std::string host;
    Result<Addresses> outcome = Addresses{};
    /// Set after `outcome`, which only then belongs to the reader.
    std::atomic<bool> done{false};
};

namespace {

Result<HostLookup::Addresses> lookUp(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &raw); error != 0) {
        return fail(fmt::format("host `{}` cannot be found ({}): is the name right, and does the DNS work?",
                                host, gai_strerror(error)));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, freeaddrinfo);
    HostLookup::Addresses addresses;
    for (const addrinfo* info = found.get(); info != nullptr; info = info->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) != 0) {
            continue;
        }
        std::string address(text.data());
        if (std::ranges::find(addresses, address) == addresses.end()) {
            addresses.push_back(std::move(address));
        }
    }
    if (addresses.empty()) return fail(fmt::format("host `{}` has no usable address", host));
    return addresses;
}

}  // namespace

void HostLookup::begin(const std::string& host) {
    if (shared_ && shared_->host == host) return;
    shared_ = std::make_shared<Shared>();
    shared_->host = host;
    std::thread([shared = shared_] {
        shared->outcome = lookUp(shared->host);
        shared->done.store(true, std::memory_order_release);
    }).detach();
}

std::optional<Result<HostLookup::Addresses>> HostLookup::take() {
    if (!shared_ || !shared_->done.load(std::memory_order_acquire)) return std::nullopt;
    return std::exchange(shared_, nullptr)->outcome;
}

}  // namespace tagwire::source::opcua
