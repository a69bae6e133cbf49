/// What went wrong with a server, in an administrator's words, and what that means for trying again.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/status_code.h"
#include "source/opcua/session/backoff.h"

namespace tagwire::source::opcua {

/// How far a connection had come when it failed.
enum class Stage : std::uint8_t {
    /// Nothing at the address has answered as an OPC UA server does.
    Reaching,
    /// A server is there; the session is not.
    OpeningSession,
    /// The session is there; the items are not all created.
    Subscribing,
    Live,
};

struct Failure {
    StatusCode status;
    /// What happened and what to do about it.
    std::string message;
    Backoff::Cause cause = Backoff::Cause::Unreachable;
};

/// The cause and what to do about it. `endpoint` is the URL as configured.
[[nodiscard]] Failure explain(Stage stage, StatusCode status, std::string_view endpoint);

}  // namespace tagwire::source::opcua
