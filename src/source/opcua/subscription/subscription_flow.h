/// The notification messages of one subscription, in their order and without holes: what did not come is
/// asked for again (Republish, OPC 10000-4, 5.14.6), and what comes meanwhile waits.
/// Thread: the source's. Lifetime: one subscription of one generation.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/subscription/sequence_tracker.h"
#include "source/opcua/subscription/source_counters.h"
#include "source/opcua/values/encoded_notification.h"

namespace tagwire::source::opcua {

/// What the server made of the subscription that was asked for.
struct Subscription {
    std::uint32_t id = 0;
    std::chrono::milliseconds publishingInterval{0};
    std::uint32_t keepAliveCount = 1;
    std::uint32_t lifetimeCount = 3;

    /// The server says at least this often that it is alive.
    [[nodiscard]] std::chrono::milliseconds keepAlive() const noexcept {
        return publishingInterval * keepAliveCount;
    }
};

/// What a flow needs of the layer it belongs to.
class FlowOwner {
public:
    FlowOwner() = default;
    FlowOwner(const FlowOwner&) = delete;
    FlowOwner& operator=(const FlowOwner&) = delete;

    virtual void acknowledge(std::uint32_t subscription, std::uint32_t number) = 0;
    /// Asks the server for one message again; the answer comes to SubscriptionFlow::onRepublished().
    virtual void askAgain(std::uint32_t subscription, std::uint32_t number) = 0;
    /// The next message in order.
    virtual void deliver(const EncodedNotificationMessage& message) = 0;
    /// Before the next message, this many are lost for good.
    virtual void announceLoss(std::uint32_t subscription, std::uint32_t messages) = 0;

protected:
    ~FlowOwner() = default;
};

class SubscriptionFlow {
public:
    /// How much later than promised a keep-alive may come before the data counts as stale.
    static constexpr std::chrono::milliseconds kStaleMargin{1'000};
    /// Messages that are asked for again at most; a server that keeps more is asked for the oldest.
    static constexpr std::size_t kMaxRecovered = 1'000;
    /// After so many messages in a row that were there before, the server counts anew.
    static constexpr int kMaxRepeated = 3;
    /// Messages that wait for those before them at most; then these count as lost.
    static constexpr std::size_t kMaxHeld = 64;

    /// `past`: of the same subscription on an earlier connection.
    SubscriptionFlow(FlowOwner& owner, SourceCounters& counters, const Subscription& subscription,
                     const SequenceTracker& past)
        : owner_(owner),
          counters_(counters),
          subscription_(subscription),
          sequence_(past),
          lastHeard_(SteadyClock::now()) {}

    /// Takes the message out of a response; `available` are those that the server could send again.
    void take(EncodedNotificationMessage& message, std::span<const UA_UInt32> available);
    /// After a transfer: asks for what the server could send again and has never come.
    void recover(std::span<const UA_UInt32> available);
    /// Bad when there is no such message any more.
    void onRepublished(std::uint32_t number, StatusCode status, EncodedNotificationMessage& message);

    [[nodiscard]] const Subscription& subscription() const noexcept { return subscription_; }
    /// To go on from on another connection: nothing that was not delivered counts as received.
    [[nodiscard]] SequenceTracker past() const noexcept;

    [[nodiscard]] std::chrono::milliseconds silence(SteadyTime now) const noexcept {
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - lastHeard_);
    }
    /// Nothing has come for longer than the keep-alive and its margin.
    [[nodiscard]] bool stale(SteadyTime now) const noexcept {
        return silence(now) > subscription_.keepAlive() + kStaleMargin;
    }

private:
    struct Held {
        Ua<EncodedNotificationMessage> message;
        std::vector<std::uint32_t> available;
        /// Its number was taken note of already.
        bool counted;
    };

    /// False if it must wait for messages before it.
    [[nodiscard]] bool process(const EncodedNotificationMessage& message,
                               std::span<const std::uint32_t> available);
    void accept(const EncodedNotificationMessage& message);
    /// Of `available`, those from `first` on that lie less than `count` behind it, in order.
    void want(std::uint32_t first, std::uint32_t count, std::span<const std::uint32_t> available);
    void goOn();

    FlowOwner& owner_;
    SourceCounters& counters_;
    const Subscription subscription_;
    SequenceTracker sequence_;
    SteadyTime lastHeard_;
    /// Asked for one after the other; the first is on its way.
    std::deque<std::uint32_t> missing_;
    std::deque<Held> held_;
    std::uint32_t lost_ = 0;
    int repeatedInRow_ = 0;
};

}  // namespace tagwire::source::opcua
