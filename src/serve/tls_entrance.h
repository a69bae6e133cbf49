/// The beginning of a connection where TLS is on: the handshake, or the advice to use https.
/// Thread: the shard's. Lifetime: owned by the connection.
///
/// A client that says nothing costs no TLS engine (some 70 KiB): it is made when the first byte announces a
/// handshake.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>

#include "serve/client_link.h"
#include "serve/tls_identity.h"
#include "serve/transport.h"

namespace tagwire::serve {

class Shard;

class TlsEntrance final : public ClientLink {
public:
    TlsEntrance(Shard& shard, boost::asio::ip::tcp::socket socket, ClientOrigin origin,
                std::shared_ptr<const TlsIdentity> identity);

    boost::asio::awaitable<void> run() override;
    void stopIdle() noexcept override;
    void cut() noexcept override;

private:
    boost::asio::awaitable<void> shakeHands();

    Shard& shard_;
    const ClientOrigin origin_;
    std::shared_ptr<const TlsIdentity> identity_;
    std::array<char, 1> first_{};
    /// One of these at a time.
    std::optional<PlainStream> tcp_;
    std::optional<TlsStream> tls_;
    std::unique_ptr<ClientLink> inner_;
};

}  // namespace tagwire::serve
