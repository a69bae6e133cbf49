// HTTP over TLS, in a file of its own: it takes long to compile.
#include "serve/http_session.h"
#include "serve/http_session_over.h"

namespace tagwire::serve {

std::unique_ptr<ClientLink> makeHttpSession(Shard& shard, TlsStream stream, ClientOrigin origin) {
    return std::make_unique<HttpSession<TlsStream>>(shard, std::move(stream), std::move(origin));
}

}  // namespace tagwire::serve
