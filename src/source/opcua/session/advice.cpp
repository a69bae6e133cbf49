#include "source/opcua/session/advice.h"

#include <fmt/format.h>
#include <open62541/statuscodes.h>

namespace tagwire::source::opcua {
namespace {

std::string whileReaching(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADCONNECTIONREJECTED:
            return "refused the connection: is the OPC UA server running and the port right?";
        case UA_STATUSCODE_BADTIMEOUT:
            return "does not answer: is the host reachable, the OPC UA server not hung, and no firewall "
                   "between?";
        case UA_STATUSCODE_BADCONNECTIONCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELCLOSED:
            return "closes every connection without an answer: does the port belong to an OPC UA server?";
        default:
            return fmt::format("does not answer as an OPC UA server ({}): does the port belong to one?",
                               statusText(status));
    }
}

std::string whileOpeningSession(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADIDENTITYTOKENREJECTED:
        case UA_STATUSCODE_BADIDENTITYTOKENINVALID:
        case UA_STATUSCODE_BADUSERACCESSDENIED:
            return fmt::format(
                "does not let an anonymous user in without security ({}): allow the security policy None "
                "and anonymous users there",
                statusText(status));
        case UA_STATUSCODE_BADSECURITYPOLICYREJECTED:
        case UA_STATUSCODE_BADSECURITYMODEREJECTED:
            return fmt::format(
                "refuses connections without security ({}): allow the security policy None there",
                statusText(status));
        case UA_STATUSCODE_BADTOOMANYSESSIONS:
            return "has no session free: close other clients there or raise its limit of sessions";
        case UA_STATUSCODE_BADTIMEOUT:
            return "is there but does not open a session in time: is it overloaded?";
        default: return fmt::format("did not open a session ({})", statusText(status));
    }
}

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
        case Stage::Reaching: what = whileReaching(status); break;
        case Stage::OpeningSession: what = whileOpeningSession(status); break;
        case Stage::Subscribing: what = whileSubscribing(status); break;
        case Stage::Live: what = whileLive(status); break;
    }
    return {status, fmt::format("{} {}", endpoint, what),
            isRefusal(stage, status) ? Backoff::Cause::Refused : Backoff::Cause::Unreachable};
}

}  // namespace tagwire::source::opcua
