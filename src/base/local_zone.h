/// The time zone of this machine.
/// Thread: any. Lifetime: function.
#pragma once

#include <string>

namespace tagwire {

/// IANA name, such as `Asia/Shanghai`: what TZ says, else where /etc/localtime leads. Empty: it cannot be
/// told.
[[nodiscard]] std::string localZoneName();

}  // namespace tagwire
