#include "source/opcua/session/advice.h"

#include <fmt/format.h>
#include <open62541/statuscodes.h>

#include "source/opcua/client/connect_advice.h"

namespace tagwire::source::opcua {
namespace {

std::string whileSubscribing(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADTOOMANYSUBSCRIPTIONS:
            return "has no subscription free: close other clients there or raise its limit of subscriptions";
        case UA_STATUSCODE_BADTIMEOUT:
            return "stopped answering while the tags were subscribed to: is it overloaded?";
        default: return fmt::format("broke off while the tags were subscribed to ({})", statusText(status));
    }
}

std::string whileLive(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADCONNECTIONCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELCLOSED:
            return "closed the connection: did the server stop, or the network fail?";
        default: return fmt::format("ended the subscription ({})", statusText(status));
    }
}

/// The server is there and says no; trying at once again would only be a burden on it.
bool isRefusal(Stage stage, StatusCode status) noexcept {
    switch (status.code()) {
        case UA_STATUSCODE_BADCONNECTIONREJECTED:
        case UA_STATUSCODE_BADCONNECTIONCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELCLOSED:
        case UA_STATUSCODE_BADTIMEOUT:
        case UA_STATUSCODE_BADSHUTDOWN:
        case UA_STATUSCODE_BADSERVERHALTED: return false;
        default: return stage != Stage::Live;
    }
}

}  // namespace

Failure explain(Stage stage, StatusCode status, std::string_view endpoint) {
    std::string what;
    switch (stage) {
        case Stage::Reaching: what = adviceWhileReaching(status); break;
        case Stage::OpeningSession: what = adviceWhileOpeningSession(status); break;
        case Stage::Subscribing: what = whileSubscribing(status); break;
        case Stage::Live: what = whileLive(status); break;
    }
    return {status, fmt::format("{} {}", endpoint, what),
            isRefusal(stage, status) ? Backoff::Cause::Refused : Backoff::Cause::Unreachable};
}

}  // namespace tagwire::source::opcua
