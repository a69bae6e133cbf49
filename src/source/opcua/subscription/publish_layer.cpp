#include "source/opcua/subscription/publish_layer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "source/opcua/values/encoded_notification.h"

namespace tagwire::source::opcua {
namespace {

/// One on the way back and one in reserve for a slow network, besides one a subscription.
constexpr std::size_t kReserve = 2;

/// How long the server may keep a request before it answers. Silence is noticed by the keep-alive, much
/// earlier.
constexpr UA_UInt32 kTimeoutHintMs = 3'600'000;

/// A server that answers with faults at once must not be asked again at once.
constexpr std::chrono::milliseconds kPauseAfterFault{500};

/// Acknowledgements wait for a request to carry them; a server that sends more than it is asked for is cut
/// off here.
constexpr std::size_t kMaxAcknowledgements = 1'000;

}  // namespace

void PublishLayer::add(const Subscription& subscription, const SequenceTracker& past) {
    lastAdded_ = SteadyClock::now();
    flows_.try_emplace(subscription.id, static_cast<FlowOwner&>(*this), counters_, subscription, past);
}

void PublishLayer::remove(std::uint32_t subscription) { flows_.erase(subscription); }

void PublishLayer::recover(std::uint32_t subscription, std::span<const UA_UInt32> available) {
    if (const auto flow = flows_.find(subscription); flow != flows_.end()) flow->second.recover(available);
}

std::vector<std::uint32_t> PublishLayer::silent(SteadyTime now) const {
    std::vector<std::uint32_t> silent;
    for (const auto& [id, flow] : flows_) {
        if (flow.stale(now)) silent.push_back(id);
    }
    return silent;
}

std::chrono::milliseconds PublishLayer::silence(SteadyTime now) const noexcept {
    auto shortest = std::chrono::milliseconds::max();
    for (const auto& [id, flow] : flows_) shortest = std::min(shortest, flow.silence(now));
    return flows_.empty() ? std::chrono::milliseconds(0) : shortest;
}

const SubscriptionFlow* PublishLayer::find(std::uint32_t subscription) const noexcept {
    const auto flow = flows_.find(subscription);
    return flow == flows_.end() ? nullptr : &flow->second;
}

void PublishLayer::tick(SteadyTime now) {
    for (const Lost& lost : std::exchange(lost_, {}))
        listener_.onSubscriptionLost(lost.subscription, lost.reason);
    if (now >= pausedUntil_) fill();
}

std::size_t PublishLayer::wanted() const noexcept {
    return flows_.empty() ? 0 : std::min(flows_.size() + kReserve, allowed_);
}

void PublishLayer::fill() {
    while (outstanding_ < wanted() && sendRequest()) ++outstanding_;
}

bool PublishLayer::sendRequest() {
    Ua<UA_PublishRequest> request;
    request->requestHeader.timeoutHint = kTimeoutHintMs;
    request->subscriptionAcknowledgements = acknowledgements_.data();
    request->subscriptionAcknowledgementsSize = acknowledgements_.size();
    const StatusCode sent = client_.call<EncodedPublishResponse>(
        request, [this](EncodedPublishResponse& response) { onResponse(response); });
    // Only lent to the request.
    request->subscriptionAcknowledgements = nullptr;
    request->subscriptionAcknowledgementsSize = 0;
    if (sent.isGood()) acknowledgements_.clear();
    return sent.isGood();  // otherwise the connection is closing, which the client reports
}

void PublishLayer::onResponse(EncodedPublishResponse& response) {
    --outstanding_;
    const StatusCode result{response.responseHeader.serviceResult};
    if (result.isBad()) {
        onFault(result);
        return;
    }
    counters_.publishResponses.add();
    const auto flow = flows_.find(response.subscriptionId);
    if (flow == flows_.end()) {
        onUseless();
        listener_.onStranger(response.subscriptionId);
    } else {
        if (response.notificationMessage.notificationDataSize == 0) onUseless();
        current_ = response.subscriptionId;
        flow->second.take(response.notificationMessage,
                          {response.availableSequenceNumbers, response.availableSequenceNumbersSize});
        listener_.onPublished();
    }
    if (SteadyClock::now() >= pausedUntil_) fill();
}

void PublishLayer::onUseless() {
    // The shortest publishing interval is 10 ms, and a keep-alive may come with each.
    constexpr std::size_t kMaxASecond = 150;
    const SteadyTime now = SteadyClock::now();
    if (now - uselessSince_ > std::chrono::seconds(1)) {
        uselessSince_ = now;
        useless_ = 0;
    }
    if (++useless_ > kMaxASecond * std::max<std::size_t>(1, flows_.size()))
        pausedUntil_ = now + kPauseAfterFault / 5;
}

void PublishLayer::onFault(StatusCode fault) {
    const SteadyTime now = SteadyClock::now();
    switch (fault.code()) {
        case UA_STATUSCODE_BADTOOMANYPUBLISHREQUESTS:
            allowed_ = std::max<std::size_t>(1, outstanding_);
            return;
        case UA_STATUSCODE_BADNOSUBSCRIPTION:
        case UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID:
            // The answer to a request from before the subscription that was just made says nothing of it.
            if (!flows_.empty() && now - lastAdded_ > kPauseAfterFault) {
                listener_.onAllLost(fault);
            } else {
                pausedUntil_ = now + kPauseAfterFault / 5;
            }
            return;
        default:
            // The request's time ran out, or the answer could not be decoded. If it goes on, the data turns
            // stale.
            log::debug("opcua", "publish: {}", statusText(fault));
            pausedUntil_ = now + kPauseAfterFault;
    }
}

void PublishLayer::acknowledge(std::uint32_t subscription, std::uint32_t number) {
    if (acknowledgements_.size() < kMaxAcknowledgements) acknowledgements_.push_back({subscription, number});
}

void PublishLayer::askAgain(std::uint32_t subscription, std::uint32_t number) {
    Ua<UA_RepublishRequest> request;
    request->subscriptionId = subscription;
    request->retransmitSequenceNumber = number;
    // Where nothing can be sent the connection is closing; the next one asks again.
    static_cast<void>(client_.call<EncodedRepublishResponse>(
        request, [this, subscription, number](EncodedRepublishResponse& response) {
            const auto flow = flows_.find(subscription);
            if (flow == flows_.end()) return;
            const StatusCode status{response.responseHeader.serviceResult};
            if (status.code() == UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID) {
                lost_.push_back({subscription, status});
                return;
            }
            current_ = subscription;
            flow->second.onRepublished(number, status, response.notificationMessage);
            listener_.onPublished();
        }));
}

void PublishLayer::deliver(const EncodedNotificationMessage& message) {
    bool whole = true;
    for (std::size_t i = 0; i < message.notificationDataSize; ++i)
        whole = deliver(message.notificationData[i]) && whole;
    if (whole) return;
    // What could be read was delivered; of what could not nobody knows whose values it has.
    counters_.messagesLost.add();
    announceLoss(current_, 1);
}

bool PublishLayer::deliver(const EncodedObject& data) {
    const std::string_view body = view(data.body);
    if (holds<UA_DataChangeNotification>(data)) {
        NotificationReader notifications(body);
        listener_.onDataChange(notifications);
        // A listener may have had enough before the end.
        return notifications.whole();
    }
    if (holds<UA_EventNotificationList>(data)) {
        Ua<UA_EventNotificationList> list;
        if (decodeBinary(body, list) != UA_STATUSCODE_GOOD) return false;
        listener_.onEvents({list->events, list->eventsSize});
    } else if (holds<UA_StatusChangeNotification>(data)) {
        Ua<UA_StatusChangeNotification> change;
        if (decodeBinary(body, change) != UA_STATUSCODE_GOOD) return false;
        const StatusCode status{change->status};
        if (status.isBad()) lost_.push_back({current_, status});
    }
    return true;
}

void PublishLayer::announceLoss(std::uint32_t subscription, std::uint32_t messages) {
    listener_.onGap(subscription, messages);
}

}  // namespace tagwire::source::opcua
