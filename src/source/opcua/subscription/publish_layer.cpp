#include "source/opcua/subscription/publish_layer.h"

#include <algorithm>

#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

/// One being answered, one on the way back, and one in reserve for a slow network.
constexpr std::size_t kOutstanding = 3;

/// How long the server may keep a request before it answers. Silence is noticed by the keep-alive, much
/// earlier.
constexpr UA_UInt32 kTimeoutHintMs = 3'600'000;

/// A server that answers with faults at once must not be asked again at once.
constexpr std::chrono::milliseconds kPauseAfterFault{500};

/// Acknowledgements wait for a request to carry them; a server that sends more than it is asked for is cut
/// off here.
constexpr std::size_t kMaxAcknowledgements = 1'000;

}  // namespace

PublishLayer::PublishLayer(UaClient& client, PublishListener& listener, const Subscription& subscription)
    : client_(client),
      listener_(listener),
      subscriptionId_(subscription.id),
      keepAlive_(subscription.keepAlive()),
      wanted_(kOutstanding),
      lastHeard_(SteadyClock::now()) {}

std::chrono::milliseconds PublishLayer::silence(SteadyTime now) const noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - lastHeard_);
}

void PublishLayer::tick(SteadyTime now) {
    if (now >= pausedUntil_) fill();
}

void PublishLayer::fill() {
    while (outstanding_ < wanted_ && sendRequest()) ++outstanding_;
}

bool PublishLayer::sendRequest() {
    Ua<UA_PublishRequest> request;
    request->requestHeader.timeoutHint = kTimeoutHintMs;
    request->subscriptionAcknowledgements = acknowledgements_.data();
    request->subscriptionAcknowledgementsSize = acknowledgements_.size();
    const StatusCode sent = client_.call<UA_PublishResponse>(
        request, [this](UA_PublishResponse& response) { onResponse(response); });
    // Only lent to the request.
    request->subscriptionAcknowledgements = nullptr;
    request->subscriptionAcknowledgementsSize = 0;
    if (sent.isGood()) acknowledgements_.clear();
    return sent.isGood();  // otherwise the connection is closing, which the client reports
}

void PublishLayer::onResponse(UA_PublishResponse& response) {
    --outstanding_;
    const StatusCode result{response.responseHeader.serviceResult};
    if (result.isBad()) {
        onFault(result);
        return;
    }
    // Of another subscription of this session there is none: what comes for one is not ours to deliver.
    if (response.subscriptionId == subscriptionId_) {
        lastHeard_ = SteadyClock::now();
        deliver(response.notificationMessage);
    }
    fill();
}

void PublishLayer::onFault(StatusCode fault) {
    switch (fault.code()) {
        case UA_STATUSCODE_BADTOOMANYPUBLISHREQUESTS:
            wanted_ = std::max<std::size_t>(1, outstanding_);
            return;
        case UA_STATUSCODE_BADNOSUBSCRIPTION:
        case UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID: listener_.onSubscriptionLost(fault); return;
        default:
            // The request's time ran out, or the answer could not be decoded. If it goes on, the data turns
            // stale.
            log::debug("opcua", "publish: {}", statusText(fault));
            pausedUntil_ = SteadyClock::now() + kPauseAfterFault;
    }
}

void PublishLayer::deliver(const UA_NotificationMessage& message) {
    const bool keepAlive = message.notificationDataSize == 0;
    const auto verdict = sequence_.take(message.sequenceNumber, keepAlive);
    if (!keepAlive && acknowledgements_.size() < kMaxAcknowledgements) {
        acknowledgements_.push_back({subscriptionId_, message.sequenceNumber});
    }
    if (verdict.missing > 0) listener_.onGap(verdict.missing);
    if (verdict.repeated || keepAlive) return;

    for (std::size_t i = 0; i < message.notificationDataSize; ++i) {
        const UA_ExtensionObject& data = message.notificationData[i];
        if (data.encoding < UA_EXTENSIONOBJECT_DECODED) continue;
        if (data.content.decoded.type == &UA_TYPES[UA_TYPES_DATACHANGENOTIFICATION]) {
            const auto& change = *static_cast<const UA_DataChangeNotification*>(data.content.decoded.data);
            listener_.onDataChange({change.monitoredItems, change.monitoredItemsSize});
        } else if (data.content.decoded.type == &UA_TYPES[UA_TYPES_EVENTNOTIFICATIONLIST]) {
            const auto& list = *static_cast<const UA_EventNotificationList*>(data.content.decoded.data);
            listener_.onEvents({list.events, list.eventsSize});
        } else if (data.content.decoded.type == &UA_TYPES[UA_TYPES_STATUSCHANGENOTIFICATION]) {
            const auto& change = *static_cast<const UA_StatusChangeNotification*>(data.content.decoded.data);
            const StatusCode status{change.status};
            if (status.isBad()) listener_.onSubscriptionLost(status);
        }
    }
    listener_.onPublished();
}

}  // namespace tagwire::source::opcua
