/// What the tests of this folder have in common.
/// Thread: any. Lifetime: constants.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace tagwire::source::opcua {

inline const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:server",
                                                  "http://plant/"};
inline constexpr Timestamp kReceived = fromUnixMillis(1'700'000'000'000);

}  // namespace tagwire::source::opcua
