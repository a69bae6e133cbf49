#include "serve/hang_up_watch.h"

#include <chrono>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <poll.h>

namespace tagwire::serve {

namespace {

/// Looked at again and again, for readiness to read would say the same of the next request, or of the last
/// words of TLS, and nothing of what comes after them.
constexpr std::chrono::milliseconds kBetweenLooks{200};

bool hasHungUp(boost::asio::ip::tcp::socket& client) noexcept {
    if (!client.is_open()) return true;
    pollfd state{.fd = client.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, 0) > 0;
}

}  // namespace

struct HangUpWatch::Watched {
    Watched(boost::asio::ip::tcp::socket& socket, std::function<void()> then)
        : timer(socket.get_executor()), client(&socket), gone(std::move(then)) {}

    boost::asio::steady_timer timer;
    boost::asio::ip::tcp::socket* client;  ///< none: nobody watches any more
    std::function<void()> gone;
};

HangUpWatch::HangUpWatch(boost::asio::ip::tcp::socket& client, std::function<void()> gone)
    : watched_(std::make_shared<Watched>(client, std::move(gone))) {
    lookLater(watched_);
}

HangUpWatch::~HangUpWatch() {
    watched_->client = nullptr;
    watched_->timer.cancel();
}

void HangUpWatch::lookLater(const std::shared_ptr<Watched>& watched) {
    watched->timer.expires_after(kBetweenLooks);
    watched->timer.async_wait([watched](const boost::system::error_code& /*error*/) {
        if (watched->client == nullptr) return;
        if (hasHungUp(*watched->client)) return watched->gone();
        lookLater(watched);
    });
}

}  // namespace tagwire::serve
