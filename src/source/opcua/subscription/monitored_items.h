/// Creates the monitored items of one subscription, whatever the server's limits are (OPC 10000-4, 5.13.2).
/// Thread: the source's. Lifetime: one subscription of one generation.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/subscription/item_table.h"

namespace tagwire::source::opcua {

class MonitoredItems {
public:
    /// Where a server sets no limit: larger calls gain nothing.
    static constexpr std::size_t kMaxPerCall = 1'000;

    /// `perCall` is at least 1. All of `table` is to be created.
    MonitoredItems(UaClient& client, std::uint32_t subscription, ItemTable& table, NamespaceArray namespaces,
                   std::size_t perCall);

    /// Sends what may be sent. Called from the I/O loop, between runs of the client.
    void tick();
    /// Every item was created or has failed.
    [[nodiscard]] bool settled() const noexcept { return waiting_.empty() && inFlight_ == 0; }
    /// Tries the failed items again.
    void retryFailed();

    [[nodiscard]] std::size_t failed() const noexcept { return failed_; }
    /// Of the first failed item; meaningful while failed() > 0.
    [[nodiscard]] std::size_t firstFailed() const noexcept;
    [[nodiscard]] StatusCode status(std::size_t index) const noexcept { return states_[index].status; }

    /// Items that fit into one call, as far as is known: lower than at first when the server said so.
    [[nodiscard]] std::size_t perCall() const noexcept { return perCall_; }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

private:
    using Batch = std::vector<std::uint32_t>;

    struct State {
        /// Good once created; BadWaitingForInitialData before the first answer.
        StatusCode status;
        /// The server refused its filter: the store applies the deadband alone.
        bool withoutFilter = false;
    };

    void enqueue(Batch items);
    [[nodiscard]] bool send(const Batch& batch);
    void fillRequest(UA_MonitoredItemCreateRequest& request, std::uint32_t index, Ua<UA_NodeId> node) const;
    void onAnswer(const Batch& batch, const UA_CreateMonitoredItemsResponse& response);
    void onCallRefused(const Batch& batch, StatusCode reason);
    void settle(std::uint32_t index, StatusCode status);

    UaClient& client_;
    ItemTable& table_;
    NamespaceArray namespaces_;
    const std::uint32_t subscription_;
    std::size_t perCall_;
    std::vector<State> states_;
    std::deque<Batch> waiting_;
    std::size_t inFlight_ = 0;
    std::size_t failed_ = 0;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
