#include "source/opcua/client/connect_advice.h"

#include <fmt/format.h>
#include <open62541/statuscodes.h>

namespace tagwire::source::opcua {

std::string adviceWhileReaching(StatusCode status) {
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

std::string adviceWhileOpeningSession(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADIDENTITYTOKENREJECTED:
        case UA_STATUSCODE_BADIDENTITYTOKENINVALID:
        case UA_STATUSCODE_BADUSERACCESSDENIED:
            return fmt::format(
                "does not let this user in ({}): check user and password in [opcua.security], or allow "
                "anonymous users there",
                statusText(status));
        case UA_STATUSCODE_BADSECURITYPOLICYREJECTED:
        case UA_STATUSCODE_BADSECURITYMODEREJECTED:
            return fmt::format(
                "refuses this security policy or mode ({}): choose one that `tagwire opcua endpoints` lists",
                statusText(status));
        case UA_STATUSCODE_BADTOOMANYSESSIONS:
            return "has no session free: close other clients there or raise its limit of sessions";
        case UA_STATUSCODE_BADTIMEOUT:
            return "is there but does not open a session in time: is it overloaded?";
        default: return fmt::format("did not open a session ({})", statusText(status));
    }
}

}  // namespace tagwire::source::opcua
