/// Why a connection to a server could not be opened, in an administrator's words, and what to do about it.
/// The sentences go on after the endpoint's URL. Thread: any. Lifetime: functions.
#pragma once

#include <string>

#include "model/status_code.h"

namespace tagwire::source::opcua {

/// Nothing at the address has answered as an OPC UA server does.
[[nodiscard]] std::string adviceWhileReaching(StatusCode status);

/// A server is there; the session is not.
[[nodiscard]] std::string adviceWhileOpeningSession(StatusCode status);

}  // namespace tagwire::source::opcua
