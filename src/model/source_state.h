/// How a source is doing, as shown to people and sent in the protocol's `src` frame.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/status_code.h"
#include "model/tag_id.h"

namespace tagwire {

/// The states of design: Idle → Connecting → Subscribing → Live → Stale → Closing → Backoff → Connecting …
enum class SourcePhase : std::uint8_t {
    Idle,
    Connecting,
    Subscribing,
    Live,
    Stale,
    Closing,
    Backoff,
    Stopped
};

/// Lower-case name as the protocol sends it.
[[nodiscard]] std::string_view phaseName(SourcePhase phase) noexcept;

struct SourceState {
    SourceId source;
    std::string name;
    /// "simulator", "opcua"
    std::string kind;
    SourcePhase phase = SourcePhase::Idle;
    Timestamp since;
    /// Why it is not live; Good while it is.
    StatusCode why;
    /// The cause and what to do about it, in words an administrator understands; empty while all is well.
    std::string message;
    std::string endpoint;
    std::uint32_t tags = 0;
    /// Tags the source could not subscribe to.
    std::uint32_t badTags = 0;

    friend bool operator==(const SourceState&, const SourceState&) = default;
};

}  // namespace tagwire
