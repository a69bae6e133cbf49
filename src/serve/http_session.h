/// HTTP on one connection: requests one after the other, until one turns it into a WebSocket or event stream.
/// Thread: the shard's. Lifetime: owned by the connection.
#pragma once

#include <memory>
#include <string_view>

#include "serve/client_link.h"
#include "serve/transport.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] std::unique_ptr<ClientLink> makeHttpSession(Shard& shard, PlainStream stream,
                                                          ClientOrigin origin);
[[nodiscard]] std::unique_ptr<ClientLink> makeHttpSession(Shard& shard, TlsStream stream,
                                                          ClientOrigin origin);

/// For who speaks plain HTTP where TLS is on: pages are sent to https, everything else is told so. `read` is
/// what has been read of the first request.
[[nodiscard]] std::unique_ptr<ClientLink> makeHttpAdvice(Shard& shard, PlainStream stream,
                                                         ClientOrigin origin, std::string_view read);

}  // namespace tagwire::serve
