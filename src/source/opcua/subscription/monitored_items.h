/// Makes the server's monitored items those that the table wants, whatever the server's limits are (OPC
/// 10000-4, 5.13.2 and 5.13.6).
/// Thread: the source's. Lifetime: one generation; what it knows can go on to the next one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/subscription/item_table.h"
#include "source/opcua/subscription/node_resolver.h"
#include "source/opcua/subscription/subscription_set.h"

namespace tagwire::source::opcua {

/// One item at the server.
struct ItemRecord {
    enum class Phase : std::uint8_t {
        /// Not there.
        None,
        /// Waits for its turn, or for its node to be found.
        Waiting,
        /// Asked for.
        Asked,
        Created,
        /// Refused; `status` says why.
        Failed,
    };

    Phase phase = Phase::None;
    /// The server refused its filter: the store applies the deadband alone.
    bool withoutFilter = false;
    /// Under which it was asked for.
    std::uint32_t handle = 0;
    SubscriptionSlot slot = 0;
    std::uint32_t monitoredItemId = 0;
    StatusCode status;
};

class MonitoredItems {
public:
    /// Where a server sets no limit: larger calls gain nothing.
    static constexpr std::size_t kMaxPerCall = 1'000;

    /// `perCall` is at least 1. `before`: of an earlier connection, with the slots of `subscriptions`; the
    /// rest of `table` is to be created. `resolver` may be null.
    MonitoredItems(UaClient& client, SubscriptionSet& subscriptions, ItemTable& table, ValueDecoder& decoder,
                   std::size_t perCall, NodeResolver* resolver, std::vector<ItemRecord> before,
                   SourceCounters& counters);
    MonitoredItems(const MonitoredItems&) = delete;
    MonitoredItems& operator=(const MonitoredItems&) = delete;
    ~MonitoredItems() = default;

    /// Sends what may be sent. Called from the I/O loop, between runs of the client.
    void tick(SteadyTime now);
    /// Every item was created or has failed.
    [[nodiscard]] bool settled() const noexcept { return unsettled_ == 0; }
    /// Tries the failed items again.
    void retryFailed();
    /// The items of a subscription that is gone: they turn Bad for `reason` and are made anew elsewhere.
    void subscriptionGone(SubscriptionSlot slot, StatusCode reason);
    /// The next value of each of the subscription's items carries the overflow bit.
    void markGap(SubscriptionSlot slot);

    [[nodiscard]] std::size_t failed() const noexcept { return failed_; }
    /// Changes whenever failed() or the items that failed may have.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    [[nodiscard]] const std::vector<ItemRecord>& records() const noexcept { return records_; }
    /// Subscriptions with items at the server that are to be deleted.
    [[nodiscard]] std::vector<SubscriptionSlot> unfinished() const;

    /// Items that fit into one call, as far as is known: lower than at first when the server said so.
    [[nodiscard]] std::size_t perCall() const noexcept { return perCall_; }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

private:
    using Phase = ItemRecord::Phase;
    struct Asked {
        std::uint32_t index;
        std::uint32_t handle;
    };
    using Indexes = std::vector<std::uint32_t>;
    using Batch = std::vector<Asked>;

    void applyChanges();
    /// Does what it takes to come from what is at the server to what is wanted there.
    void reconcile(std::uint32_t index);
    void enqueue(Indexes items);
    void resolvePlaces();
    void readJoined();
    /// False if the interval's items have to wait.
    [[nodiscard]] bool sendNext(std::chrono::milliseconds interval, std::deque<Indexes>& waiting,
                                SteadyTime now);
    [[nodiscard]] bool send(const Indexes& items, SubscriptionSlot slot);
    [[nodiscard]] Result<Ua<UA_NodeId>, StatusCode> nodeOf(std::uint32_t index) const;
    void fillRequest(UA_MonitoredItemCreateRequest& request, std::uint32_t index, Ua<UA_NodeId> node) const;
    void onAnswer(const Batch& batch, SubscriptionSlot slot, const UA_CreateMonitoredItemsResponse& response);
    void onResult(const Asked& asked, SubscriptionSlot slot, const UA_MonitoredItemCreateResult& result,
                  Indexes& again, std::size_t& refused);
    void onCallRefused(const Batch& batch, SubscriptionSlot slot, StatusCode reason);
    void deleteItems();
    void become(std::uint32_t index, Phase phase, StatusCode status = {});

    UaClient& client_;
    SubscriptionSet& subscriptions_;
    ItemTable& table_;
    ValueDecoder& decoder_;
    std::size_t perCall_;
    NodeResolver* resolver_;
    SourceCounters& counters_;
    std::vector<ItemRecord> records_;
    /// By publishing interval.
    std::map<std::chrono::milliseconds, std::deque<Indexes>> waiting_;
    /// Waits for its node to be found.
    Indexes unresolved_;
    std::unordered_map<std::uint32_t, Ua<UA_NodeId>> found_;
    std::map<SubscriptionSlot, std::vector<UA_UInt32>> toDelete_;
    std::size_t inFlight_ = 0;
    std::size_t unsettled_ = 0;
    std::size_t failed_ = 0;
    std::uint64_t version_ = 0;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
