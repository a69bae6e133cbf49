/// The subscriptions of one connection: as many as there are publishing intervals, and further ones where a
/// server lets a subscription have only so many items (OPC 10000-4, 5.14.2).
/// Thread: the source's. Lifetime: one generation; what it knows can go on to the next one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/options.h"
#include "source/opcua/subscription/publish_layer.h"
#include "source/opcua/subscription/source_counters.h"

namespace tagwire::source::opcua {

/// Index of a subscription within one SubscriptionSet; never used for another one.
using SubscriptionSlot = std::uint32_t;

/// What is left at the server of a connection that broke.
struct SubscriptionRecord {
    Subscription granted;
    std::chrono::milliseconds interval{0};
    SequenceTracker past;
    std::size_t items = 0;
    std::size_t room = std::numeric_limits<std::size_t>::max();
    /// Something was asked of it and not answered: what it has is not known for sure.
    bool uncertain = false;
};

class SubscriptionSet {
public:
    /// However small the server's limits are.
    static constexpr std::size_t kMaxSubscriptions = 5'000;

    struct Place {
        enum class Kind : std::uint8_t {
            Ready,
            /// Ask again at the next turn.
            Wait,
            Refused,
        };
        Kind kind = Kind::Wait;
        SubscriptionSlot slot = 0;
        /// Items that may be put there at once; at least 1.
        std::size_t room = 0;
        StatusCode why{};
    };

    SubscriptionSet(UaClient& client, PublishLayer& publish, const OpcUaOptions& options,
                    SourceCounters& counters)
        : client_(client), publish_(publish), options_(options), counters_(counters) {}
    SubscriptionSet(const SubscriptionSet&) = delete;
    SubscriptionSet& operator=(const SubscriptionSet&) = delete;
    ~SubscriptionSet() = default;

    /// Where items of this publishing interval go; makes a subscription where there is none.
    [[nodiscard]] Place placeFor(std::chrono::milliseconds interval, SteadyTime now);
    /// A subscription of an earlier connection that the server has handed over.
    SubscriptionSlot adopt(const SubscriptionRecord& record);

    /// Items are asked for, were refused or deleted. A subscription without items is deleted.
    void take(SubscriptionSlot slot, std::size_t items);
    void give(SubscriptionSlot slot, std::size_t items);
    /// The same without deleting a subscription that has no items left.
    void letGo(SubscriptionSlot slot, std::size_t items);
    /// Items there besides the `refused` ones that were counted with them.
    [[nodiscard]] std::size_t held(SubscriptionSlot slot, std::size_t refused) const noexcept;
    /// The server takes no more items there than those.
    void full(SubscriptionSlot slot, std::size_t refused);
    /// A service call about this subscription is under way, or has come to its end.
    void beginCall(SubscriptionSlot slot) { ++slots_[slot].calls; }
    void endCall(SubscriptionSlot slot) { --slots_[slot].calls; }

    /// Gives it up, and deletes it at the server if that still has it.
    void giveUp(SubscriptionSlot slot);
    /// Deletes what we do not know, such as one whose creation was answered too late.
    void deleteStranger(std::uint32_t subscription);

    [[nodiscard]] std::uint32_t id(SubscriptionSlot slot) const noexcept { return slots_[slot].granted.id; }
    [[nodiscard]] bool gone(SubscriptionSlot slot) const noexcept {
        return slots_[slot].phase == Phase::Gone;
    }
    [[nodiscard]] std::optional<SubscriptionSlot> slotOf(std::uint32_t subscription) const noexcept;
    [[nodiscard]] bool creating() const noexcept { return creating_ > 0; }
    /// The server allows fewer subscriptions than there are publishing intervals.
    [[nodiscard]] bool fewer() const noexcept { return refused_.isBad(); }
    /// Tries again for subscriptions that were refused.
    void retry() noexcept { refused_ = {}; }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

    /// Calls `visit(const Subscription&, interval, items)` for each that is there.
    template <class Visit>
    void each(Visit visit) const {
        for (const Slot& slot : slots_) {
            if (slot.phase == Phase::Ready) visit(slot.granted, slot.interval, slot.items);
        }
    }
    /// By slot; what is gone has id 0.
    [[nodiscard]] std::vector<SubscriptionRecord> records() const;

private:
    enum class Phase : std::uint8_t { Creating, Ready, Gone };
    struct Slot {
        Phase phase = Phase::Creating;
        std::chrono::milliseconds interval{0};
        Subscription granted;
        std::size_t items = 0;
        std::size_t limit = std::numeric_limits<std::size_t>::max();
        int calls = 0;
    };

    [[nodiscard]] std::optional<SubscriptionSlot> nearest(std::chrono::milliseconds interval) const;
    void create(std::chrono::milliseconds interval);
    void onCreated(SubscriptionSlot slot, StatusCode result, const Subscription& granted);
    void deleteAtServer(std::uint32_t subscription);

    UaClient& client_;
    PublishLayer& publish_;
    const OpcUaOptions& options_;
    SourceCounters& counters_;
    std::vector<Slot> slots_;
    /// The least at which a subscription was full: later ones are not asked for more.
    std::size_t limit_ = std::numeric_limits<std::size_t>::max();
    std::size_t creating_ = 0;
    std::size_t ready_ = 0;
    /// Of the last refusal to create one more.
    StatusCode refused_;
    /// One that was given up is not made anew at once, again and again.
    SteadyTime pausedUntil_;
    std::vector<std::uint32_t> deleted_;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
