/// The address of a gateway.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::da {

struct GatewayUrl {
    bool tls = true;
    std::string host;
    std::uint16_t port = 443;
};

/// `wss://host:port`, or `ws://` for this machine alone unless `allowPlain`: the token would travel in clear.
/// A path is refused: the gateway's own is used.
[[nodiscard]] Result<GatewayUrl> parseGatewayUrl(std::string_view text, bool allowPlain);

}  // namespace tagwire::da
