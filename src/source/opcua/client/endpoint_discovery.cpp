#include "source/opcua/client/endpoint_discovery.h"

#include <utility>

#include "source/opcua/client/library_log.h"
#include "source/opcua/client/security_policies.h"

namespace tagwire::source::opcua {
namespace {

/// A hundred endpoints with long chains of certificates fit.
constexpr UA_UInt32 kMaxAnswerBytes = 4U << 20U;

}  // namespace

EndpointDiscovery::EndpointDiscovery(const std::string& url, const std::string& endpointUrl,
                                     std::chrono::milliseconds timeout)
    : logger_(libraryLogger()), endpointUrl_(endpointUrl) {
    ClientConfig config(logger_, url, timeout);
    config->noSession = true;
    config->localConnectionConfig.localMaxMessageSize = kMaxAnswerBytes;
    // With an endpoint given the library asks nothing by itself and takes no decision.
    config->endpoint.endpointUrl = copyOf(endpointUrl);
    config->endpoint.securityMode = UA_MESSAGESECURITYMODE_NONE;
    config->endpoint.securityPolicyUri = copyOf(kPolicyNone);
    client_ = config.makeClient();
    // Failures show in failure().
    static_cast<void>(UA_Client_connectAsync(client_.get(), url.c_str()));
}

void EndpointDiscovery::run(std::chrono::milliseconds wait) {
    static_cast<void>(UA_Client_run_iterate(client_.get(), static_cast<UA_UInt32>(wait.count())));
    if (!requested_ && reached()) request();
}

bool EndpointDiscovery::reached() const noexcept {
    UA_SecureChannelState channel{};
    UA_Client_getState(client_.get(), &channel, nullptr, nullptr);
    return requested_ || channel == UA_SECURECHANNELSTATE_OPEN;
}

void EndpointDiscovery::request() {
    requested_ = true;
    Ua<UA_GetEndpointsRequest> request;
    request->endpointUrl = copyOf(endpointUrl_);
    const UA_StatusCode sent =
        __UA_Client_AsyncService(client_.get(), &request.get(), &dataTypeOf<UA_GetEndpointsRequest>(),
                                 onAnswer, &dataTypeOf<UA_GetEndpointsResponse>(), this, nullptr);
    if (sent != UA_STATUSCODE_GOOD) failure_ = StatusCode{sent};
}

void EndpointDiscovery::onAnswer(UA_Client* /*client*/, void* self, UA_UInt32 /*requestId*/,
                                 void* response) noexcept {
    auto& discovery = *static_cast<EndpointDiscovery*>(self);
    auto& answer = *static_cast<UA_GetEndpointsResponse*>(response);
    if (const StatusCode result{answer.responseHeader.serviceResult}; result.isBad()) {
        discovery.failure_ = result;
        return;
    }
    discovery.answer_.emplace();
    std::swap(discovery.answer_->get(), answer);
}

std::optional<StatusCode> EndpointDiscovery::failure() const noexcept {
    if (answer_) return std::nullopt;
    if (failure_) return failure_;
    const UA_StatusCode status = connectStatus(*client_);
    return status == UA_STATUSCODE_GOOD ? std::nullopt : std::optional(StatusCode{status});
}

}  // namespace tagwire::source::opcua
