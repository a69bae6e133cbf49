/// Addresses on the web that secrets are sent to: https, and plain http at most within this machine.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::access {

enum class PlainHttp : std::uint8_t { Never, ToLoopback };

struct WebAddress {
    bool secure = true;     ///< https
    bool loopback = false;  ///< of this machine, whichever scheme
    std::string path;       ///< without a slash at its end; empty: none
    bool query = false;
};

/// The error begins with a verb, to follow the name of what is wrong.
[[nodiscard]] Result<WebAddress> parseWebAddress(std::string_view text, PlainHttp plain);

}  // namespace tagwire::access
