/// Keeps PublishRequests at the server for all subscriptions of the session, takes what they bring to the
/// subscription it belongs to, acknowledges it, and watches that something comes (OPC 10000-4, 5.14.5).
/// Thread: the source's. Lifetime: one generation.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/subscription/subscription_flow.h"
#include "source/opcua/values/notification_reader.h"

namespace tagwire::source::opcua {

class PublishListener {
public:
    PublishListener() = default;
    PublishListener(const PublishListener&) = delete;
    PublishListener& operator=(const PublishListener&) = delete;
    virtual ~PublishListener() = default;

    /// Values of items, to be read during the call.
    virtual void onDataChange(NotificationReader& notifications) = 0;
    virtual void onEvents(std::span<const UA_EventFieldList> events) = 0;
    /// All of one response was delivered.
    virtual void onPublished() = 0;
    /// This many notification messages are missing, and what they carried is lost.
    virtual void onGap(std::uint32_t subscription, std::uint32_t messages) = 0;
    /// The server no longer has the subscription. Not called during the delivery of a message.
    virtual void onSubscriptionLost(std::uint32_t subscription, StatusCode reason) = 0;
    /// The server has no subscription at all any more.
    virtual void onAllLost(StatusCode reason) = 0;
    /// Something came from a subscription that was not added.
    virtual void onStranger(std::uint32_t subscription) = 0;
};

class PublishLayer final : private FlowOwner {
public:
    /// PublishRequests at the server at a time.
    static constexpr std::size_t kMaxOutstanding = 24;

    PublishLayer(UaClient& client, PublishListener& listener, SourceCounters& counters)
        : client_(client), listener_(listener), counters_(counters) {}
    PublishLayer(const PublishLayer&) = delete;
    PublishLayer& operator=(const PublishLayer&) = delete;
    ~PublishLayer() = default;

    /// From now on the subscription's notifications are delivered and its silence is noticed. `past`: what of
    /// it came on an earlier connection.
    void add(const Subscription& subscription, const SequenceTracker& past = {});
    /// What still comes of it is dropped.
    void remove(std::uint32_t subscription);
    /// Asks for what the server kept of a subscription that was taken over.
    void recover(std::uint32_t subscription, std::span<const UA_UInt32> available);

    /// Fills up the requests at the server. Called from the I/O loop, between runs of the client.
    void tick(SteadyTime now);

    /// Subscriptions that have been silent for longer than they promised.
    [[nodiscard]] std::vector<std::uint32_t> silent(SteadyTime now) const;
    [[nodiscard]] std::size_t count() const noexcept { return flows_.size(); }
    /// Since something last came from any of them.
    [[nodiscard]] std::chrono::milliseconds silence(SteadyTime now) const noexcept;
    /// Null if it was not added.
    [[nodiscard]] const SubscriptionFlow* find(std::uint32_t subscription) const noexcept;
    /// Calls `visit(const SubscriptionFlow&)` for each.
    template <class Visit>
    void each(Visit visit) const {
        for (const auto& [id, flow] : flows_) visit(flow);
    }

private:
    struct Lost {
        std::uint32_t subscription = 0;
        StatusCode reason;
    };

    [[nodiscard]] std::size_t wanted() const noexcept;
    void fill();
    [[nodiscard]] bool sendRequest();
    void onResponse(EncodedPublishResponse& response);
    void onFault(StatusCode fault);
    /// An answer that brought nothing: a server that sends such ones at once is not asked again at once.
    void onUseless();
    void acknowledge(std::uint32_t subscription, std::uint32_t number) override;
    void askAgain(std::uint32_t subscription, std::uint32_t number) override;
    void deliver(const EncodedNotificationMessage& message) override;
    /// False where it cannot be decoded to its end.
    [[nodiscard]] bool deliver(const EncodedObject& data);
    void announceLoss(std::uint32_t subscription, std::uint32_t messages) override;

    UaClient& client_;
    PublishListener& listener_;
    SourceCounters& counters_;
    std::map<std::uint32_t, SubscriptionFlow> flows_;
    /// Whose message is being delivered.
    std::uint32_t current_ = 0;
    /// Found during a delivery, told after it.
    std::vector<Lost> lost_;
    std::vector<UA_SubscriptionAcknowledgement> acknowledgements_;
    std::size_t outstanding_ = 0;
    /// As the server allows.
    std::size_t allowed_ = kMaxOutstanding;
    std::size_t useless_ = 0;
    SteadyTime uselessSince_;
    SteadyTime lastAdded_;
    SteadyTime pausedUntil_;
};

}  // namespace tagwire::source::opcua
