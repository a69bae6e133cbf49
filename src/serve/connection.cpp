#include "serve/connection.h"

#include <utility>

#include "serve/client_link.h"
#include "serve/http_session.h"
#include "serve/shard.h"
#include "serve/tls_entrance.h"

namespace tagwire::serve {
namespace {

ClientOrigin originOf(const boost::asio::ip::tcp::socket& socket, ClientAddress* address) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    return {.address = address, .peer = error ? boost::asio::ip::address() : peer.address()};
}

}  // namespace

Connection::Connection(Shard& shard, boost::asio::ip::tcp::socket socket,
                       std::shared_ptr<ClientAddress> address)
    : shard_(shard), address_(std::move(address)) {
    const ClientOrigin origin = originOf(socket, address_.get());
    const auto& credentials = shard.server().tls;
    if (credentials) {
        link_ = std::make_unique<TlsEntrance>(shard, std::move(socket), origin, credentials->get());
    } else {
        link_ = makeHttpSession(shard, PlainStream(std::move(socket)), origin);
    }
    shard.counters().accepted.add();
    shard.counters().connections.add(1);
    shard.server().connections.fetch_add(1);
}

Connection::~Connection() {
    shard_.counters().connections.add(-1);
    shard_.server().connections.fetch_sub(1);
}

boost::asio::awaitable<void> Connection::run() { return link_->run(); }

void Connection::stopIdle() noexcept { link_->stopIdle(); }

void Connection::cut() noexcept { link_->cut(); }

}  // namespace tagwire::serve
