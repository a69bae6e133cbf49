#include "model/source_state.h"

namespace tagwire {

std::string_view phaseName(SourcePhase phase) noexcept {
    switch (phase) {
        case SourcePhase::Idle: return "idle";
        case SourcePhase::Connecting: return "connecting";
        case SourcePhase::Subscribing: return "subscribing";
        case SourcePhase::Live: return "live";
        case SourcePhase::Stale: return "stale";
        case SourcePhase::Closing: return "closing";
        case SourcePhase::Backoff: return "backoff";
        case SourcePhase::Stopped: return "stopped";
    }
    return "idle";
}

}  // namespace tagwire
