#include "source/opcua/session/server_watch.h"

#include <algorithm>
#include <array>
#include <new>

#include <fmt/format.h>
#include <open62541/nodeids.h>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxReasonBytes = 200;

}  // namespace

std::string_view serverStateName(const ServerHealth& health) noexcept {
    // ServerState, OPC 10000-5, 12.6
    static constexpr std::array<std::string_view, 8> kNames{
        "Running",  "Failed", "NoConfiguration",    "Suspended",
        "Shutdown", "Test",   "CommunicationFault", "Unknown"};
    if (!health.state) return {};
    const auto index = static_cast<std::size_t>(*health.state);
    return index < kNames.size() ? kNames.at(index) : kNames.back();
}

std::string healthWarning(const ServerHealth& health) {
    if (health.state && *health.state != UA_SERVERSTATE_RUNNING) {
        if (*health.state == UA_SERVERSTATE_SHUTDOWN) {
            return fmt::format("the server shuts down in {} s{}{}", health.secondsTillShutdown,
                               health.shutdownReason.empty() ? "" : ": ", health.shutdownReason);
        }
        return fmt::format("the server says that it is not running but in the state {}: look at its own log",
                           serverStateName(health));
    }
    if (health.serviceLevel && *health.serviceLevel < kHealthyServiceLevel) {
        return fmt::format("the server says that its data are degraded (service level {} of 255)",
                           *health.serviceLevel);
    }
    return {};
}

void ServerWatch::tick(SteadyTime now) {
    if (open_ > 0 || now < next_ || fault_.isBad()) return;
    asked_ = true;
    next_ = now + kInterval;
    sent_ = now;
    sentAt_ = wallClockNow();
    // One node a call, because a limit on the nodes in a call may not be known yet.
    read(UA_NS0ID_SERVER_SERVERSTATUS, &ServerWatch::takeStatus);
    read(UA_NS0ID_SERVER_SERVICELEVEL, &ServerWatch::takeLevel);
}

void ServerWatch::read(UA_UInt32 node, void (ServerWatch::*take)(const UA_DataValue&)) {
    Ua<UA_ReadRequest> request;
    request->timestampsToReturn = UA_TIMESTAMPSTORETURN_NEITHER;
    request->nodesToRead = UA_ReadValueId_new();
    if (request->nodesToRead == nullptr) throw std::bad_alloc();
    request->nodesToReadSize = 1;
    request->nodesToRead->nodeId.identifier.numeric = node;  // namespace 0, numeric: all zero
    request->nodesToRead->attributeId = UA_ATTRIBUTEID_VALUE;
    const StatusCode sent = client_.call<UA_ReadResponse>(request, [this, take](UA_ReadResponse& response) {
        --open_;
        ++answered_;
        answered_ = std::min(answered_, 2);
        const StatusCode result{response.responseHeader.serviceResult};
        if (result.code() == UA_STATUSCODE_BADTIMEOUT) {
            fault_ = result;
        } else if (result.isGood() && response.resultsSize == 1 && response.results[0].hasValue) {
            (this->*take)(response.results[0]);
        }
    });
    if (sent.isGood()) {
        ++open_;
    } else {
        fault_ = sent;
    }
}

void ServerWatch::takeStatus(const UA_DataValue& value) {
    if (!UA_Variant_hasScalarType(&value.value, &UA_TYPES[UA_TYPES_SERVERSTATUSDATATYPE])) return;
    const auto& status = *static_cast<const UA_ServerStatusDataType*>(value.value.data);
    health_.state = status.state;
    health_.startTime = status.startTime;
    health_.secondsTillShutdown = status.secondsTillShutdown;
    health_.shutdownReason = std::string(view(status.shutdownReason.text).substr(0, kMaxReasonBytes));
    const auto took = SteadyClock::now() - sent_;
    health_.roundTrip = std::chrono::duration_cast<milliseconds>(took);
    // The server looked at its clock half-way between question and answer, as far as anybody knows.
    const Timestamp then = sentAt_ + std::chrono::duration_cast<Ticks>(took) / 2;
    health_.clockSkew = std::chrono::duration_cast<milliseconds>(timestampOf(status.currentTime) - then);
}

void ServerWatch::takeLevel(const UA_DataValue& value) {
    if (UA_Variant_hasScalarType(&value.value, &UA_TYPES[UA_TYPES_BYTE]))
        health_.serviceLevel = *static_cast<const UA_Byte*>(value.value.data);
}

}  // namespace tagwire::source::opcua
