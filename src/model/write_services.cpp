#include "model/write_services.h"

namespace tagwire {

std::string_view causeText(ReleaseCause cause) noexcept {
    switch (cause) {
        case ReleaseCause::LetGo: return "let go";
        case ReleaseCause::ClientGone: return "released because the client's connection ended";
        case ReleaseCause::NotHeld: return "released because the client did not say that it still holds it";
        case ReleaseCause::GrantEnded: return "released because the client may not write any more";
        case ReleaseCause::ServerStopped: return "released because the server stops";
    }
    return {};
}

}  // namespace tagwire
