/// Keeps PublishRequests at the server, takes what they bring, acknowledges it, and watches that something
/// comes (OPC 10000-4, 5.14.5). Thread: the source's. Lifetime: one subscription of one generation.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/subscription/sequence_tracker.h"

namespace tagwire::source::opcua {

class PublishListener {
public:
    PublishListener() = default;
    PublishListener(const PublishListener&) = delete;
    PublishListener& operator=(const PublishListener&) = delete;

    /// The library's decoded notifications, valid during the call.
    virtual void onDataChange(std::span<const UA_MonitoredItemNotification> notifications) = 0;
    virtual void onEvents(std::span<const UA_EventFieldList> events) = 0;
    /// All of one response was delivered.
    virtual void onPublished() = 0;
    /// This many notification messages are missing, and what they carried is lost.
    virtual void onGap(std::uint32_t messages) = 0;
    /// The server no longer has the subscription.
    virtual void onSubscriptionLost(StatusCode reason) = 0;

protected:
    ~PublishListener() = default;
};

/// What the server made of the subscription that was asked for.
struct Subscription {
    std::uint32_t id = 0;
    std::chrono::milliseconds publishingInterval{0};
    std::uint32_t keepAliveCount = 1;

    /// The server says at least this often that it is alive.
    [[nodiscard]] std::chrono::milliseconds keepAlive() const noexcept {
        return publishingInterval * keepAliveCount;
    }
};

class PublishLayer {
public:
    /// How much later than promised a keep-alive may come before the data counts as stale.
    static constexpr std::chrono::milliseconds kStaleMargin{1'000};

    PublishLayer(UaClient& client, PublishListener& listener, const Subscription& subscription);

    /// Fills up the requests at the server. Called from the I/O loop, between runs of the client.
    void tick(SteadyTime now);

    /// Nothing has come for longer than the keep-alive and its margin.
    [[nodiscard]] bool stale(SteadyTime now) const noexcept {
        return silence(now) > keepAlive_ + kStaleMargin;
    }
    [[nodiscard]] std::chrono::milliseconds silence(SteadyTime now) const noexcept;

private:
    void fill();
    [[nodiscard]] bool sendRequest();
    void onResponse(UA_PublishResponse& response);
    void onFault(StatusCode fault);
    void deliver(const UA_NotificationMessage& message);

    UaClient& client_;
    PublishListener& listener_;
    const std::uint32_t subscriptionId_;
    const std::chrono::milliseconds keepAlive_;
    SequenceTracker sequence_;
    std::vector<UA_SubscriptionAcknowledgement> acknowledgements_;
    std::size_t outstanding_ = 0;
    std::size_t wanted_;
    SteadyTime lastHeard_;
    SteadyTime pausedUntil_;
};

}  // namespace tagwire::source::opcua
