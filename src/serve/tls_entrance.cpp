#include "serve/tls_entrance.h"

#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "serve/http_session.h"
#include "serve/shard.h"

namespace tagwire::serve {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
/// ContentType.handshake, the first byte of every TLS connection (RFC 8446, 5.1); no HTTP method has it.
constexpr char kHandshakeRecord = 0x16;

}  // namespace

TlsEntrance::TlsEntrance(Shard& shard, asio::ip::tcp::socket socket, ClientOrigin origin,
                         std::shared_ptr<const TlsIdentity> identity)
    : shard_(shard), origin_(std::move(origin)), identity_(std::move(identity)), tcp_(std::move(socket)) {}

asio::awaitable<void> TlsEntrance::run() {
    tcp_->expires_after(shard_.server().options.handshakeTimeout);  // for all until the handshake is done
    const auto [error, size] = co_await tcp_->async_read_some(asio::buffer(first_), kAwait);
    if (error) co_return;
    if (first_.front() == kHandshakeRecord) {
        co_await shakeHands();
    } else {
        inner_ = makeHttpAdvice(shard_, std::move(*tcp_), origin_, {first_.data(), first_.size()});
    }
    if (inner_) co_await inner_->run();
}

asio::awaitable<void> TlsEntrance::shakeHands() {
    tls_.emplace(std::move(*tcp_), *identity_->context);
    tcp_.reset();
    const auto [error, used] =
        co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::buffer(first_), kAwait);
    if (error) {
        shard_.counters().tlsFailures.add();
        log::debug("serve", "a TLS handshake failed: {}", error.message());
        co_return;
    }
    inner_ = makeHttpSession(shard_, std::move(*tls_), origin_);
    tls_.reset();
}

void TlsEntrance::stopIdle() noexcept {
    if (inner_) {
        inner_->stopIdle();
    } else {
        cut();
    }
}

void TlsEntrance::cut() noexcept {
    if (inner_) {
        inner_->cut();
    } else if (tls_) {
        tcpOf(*tls_).close();
    } else if (tcp_) {
        tcp_->close();
    }
}

}  // namespace tagwire::serve
