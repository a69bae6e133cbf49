#include "serve/connection.h"

#include <utility>

#include "serve/client_link.h"
#include "serve/http_session.h"
#include "serve/shard.h"
#include "serve/tls_entrance.h"

namespace tagwire::serve {

Connection::Connection(Shard& shard, boost::asio::ip::tcp::socket socket) : shard_(shard) {
    const auto& credentials = shard.server().tls;
    if (credentials) {
        link_ = std::make_unique<TlsEntrance>(shard, std::move(socket), credentials->get());
    } else {
        link_ = makeHttpSession(shard, PlainStream(std::move(socket)));
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
