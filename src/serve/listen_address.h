/// The text form of an address to listen on.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::serve {

struct ListenAddress {
    std::string host;  ///< IP address without brackets; "localhost" is 127.0.0.1
    std::uint16_t port = 0;
    bool loopback = false;
};

/// `127.0.0.1:5000`, `localhost:5000`, `[::1]:5000`, `0.0.0.0:80`. The error says what is wrong and what is
/// right.
[[nodiscard]] Result<ListenAddress> parseListenAddress(std::string_view text);

}  // namespace tagwire::serve
