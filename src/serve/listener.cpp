#include "serve/listener.h"

#include <array>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "serve/shard.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// When the process is out of file descriptors, accepting again at once would only burn the processor.
constexpr std::chrono::milliseconds kRetryAfter{100};

/// A refused client has so long to read why; beyond so many at a time they are just cut.
constexpr std::chrono::seconds kRefusalTime{1};
constexpr std::uint32_t kMaxRefusals = 256;
constexpr std::size_t kMaxRefusalReads = 64;

constexpr std::string_view kOverloaded =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 76\r\n"
    "Retry-After: 5\r\nConnection: close\r\n\r\n"
    R"({"code":"overloaded","msg":"the server has as many connections as it takes"})";

constexpr std::string_view kTooManyOfAddress =
    "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: 92\r\n"
    "Retry-After: 5\r\nConnection: close\r\n\r\n"
    R"({"code":"overloaded","msg":"this address has as many connections as the server takes of it"})";

/// Beside the answer the request has to be read: closing with bytes unread resets the connection, and the
/// client might never see why.
asio::awaitable<void> sayWhy(boost::beast::tcp_stream stream, std::string_view answer,
                             [[maybe_unused]] std::shared_ptr<void> counted) {
    constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
    stream.expires_after(kRefusalTime);
    const auto [failed, sent] = co_await asio::async_write(stream, asio::buffer(answer), kAwait);
    if (failed) co_return;
    boost::system::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    std::array<char, 1024> unread{};
    for (std::size_t i = 0; i < kMaxRefusalReads; ++i) {
        const auto [error, size] = co_await stream.async_read_some(asio::buffer(unread), kAwait);
        if (error) break;
    }
}

std::string_view advice(const boost::system::error_code& error) noexcept {
    if (error == asio::error::address_in_use) {
        return "another program, perhaps another Tagwire, uses this port: stop it, or choose another port "
               "with "
               "server.listen";
    }
    if (error == asio::error::access_denied)
        return "ports below 1024 need privileges: choose a higher one with server.listen";
    return "choose an address of this machine with server.listen";
}

}  // namespace

Listener::Listener(ServerContext& server, const std::vector<std::unique_ptr<Shard>>& shards)
    : server_(server),
      shards_(shards),
      acceptor_(shards.front()->context()),
      retry_(shards.front()->context()),
      addresses_(server.options.sharedAddresses) {}

Result<void> Listener::open(const ListenAddress& address) {
    const tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return fail(fmt::format("cannot listen on {}:{}: {}; {}", address.host, address.port, error.message(),
                                advice(error)));
    }
    return {};
}

void Listener::start() {
    asio::post(acceptor_.get_executor(), [this] { accept(); });
}

void Listener::stop() {
    asio::post(acceptor_.get_executor(), [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        retry_.cancel();
    });
}

void Listener::accept() {
    Shard& shard = *shards_[next_];
    next_ = (next_ + 1) % shards_.size();
    acceptor_.async_accept(
        shard.context(), [this, &shard](const boost::system::error_code& error, tcp::socket socket) {
            if (!acceptor_.is_open()) return;
            if (!error) {
                take(shard, std::move(socket));
                accept();
                return;
            }
            log::warning("serve", "a connection could not be accepted: {}", error.message());
            retry_.expires_after(kRetryAfter);
            retry_.async_wait([this](const boost::system::error_code& cancelled) {
                if (!cancelled) accept();
            });
        });
}

void Listener::take(Shard& shard, tcp::socket socket) {
    if (server_.connections.load() >= server_.options.maxConnections) {
        refuse(shard, std::move(socket), kOverloaded);
        return;
    }
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (gone) return;
    auto address = addresses_.of(peer.address(), SteadyClock::now());
    if (address && ClientAddresses::others(address) >= server_.options.maxConnectionsPerAddress) {
        refuse(shard, std::move(socket), kTooManyOfAddress);
        return;
    }
    // The connection is moved within a shared pointer because posted handlers must be copyable.
    asio::post(shard.context(), [&shard, moved = std::make_shared<tcp::socket>(std::move(socket)),
                                 address = std::move(address)]() mutable {
        shard.adopt(std::move(*moved), std::move(address));
    });
}

void Listener::refuse(Shard& shard, tcp::socket socket, std::string_view answer) {
    shard.counters().refused.add();
    if (server_.tls || server_.refusals.load() >= kMaxRefusals) return;
    server_.refusals.fetch_add(1);
    std::shared_ptr<void> counted(nullptr, [&server = server_](void*) { server.refusals.fetch_sub(1); });
    asio::co_spawn(shard.context(),
                   sayWhy(boost::beast::tcp_stream(std::move(socket)), answer, std::move(counted)),
                   asio::detached);
}

}  // namespace tagwire::serve
