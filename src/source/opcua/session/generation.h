/// Everything that lives as long as one connection to the server: the client, the subscription, its items.
/// Thread: the source's. Lifetime: from an attempt to connect until it is closed; owned by the session.
#pragma once

#include <cstddef>
#include <optional>

#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/events/event_book.h"
#include "source/opcua/events/event_monitor.h"
#include "source/opcua/subscription/item_table.h"
#include "source/opcua/subscription/monitored_items.h"
#include "source/opcua/subscription/publish_layer.h"

namespace tagwire::source::opcua {

class Generation final : public PublishListener {
public:
    /// Begins to connect.
    Generation(const ClientSettings& settings, const OpcUaOptions& options, ItemTable& items,
               EventBook& book);
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;
    ~Generation() = default;

    [[nodiscard]] UaClient& client() noexcept { return client_; }
    [[nodiscard]] ServerInfo& info() noexcept { return info_; }
    /// Null until the server has answered subscribe().
    [[nodiscard]] MonitoredItems* items() noexcept { return monitored_ ? &*monitored_ : nullptr; }
    [[nodiscard]] const PublishLayer* publishing() const noexcept { return publish_ ? &*publish_ : nullptr; }

    /// Asks for the subscription and, when it is there, for its items, `perCall` at a time at most.
    void subscribe(std::size_t perCall);
    /// Sends what is due. Called from the I/O loop, between runs of the client.
    void tick(SteadyTime now);

    /// Why this generation cannot be of use any more; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept;

private:
    void onSubscription(const UA_CreateSubscriptionResponse& response, std::size_t perCall);
    void onDataChange(std::span<const UA_MonitoredItemNotification> notifications) override;
    void onEvents(std::span<const UA_EventFieldList> events) override;
    void onPublished() override;
    void onGap(std::uint32_t messages) override;
    void onSubscriptionLost(StatusCode reason) override;

    const OpcUaOptions& options_;
    ItemTable& table_;
    EventBook& book_;
    UaClient client_;
    ServerInfo info_;
    std::optional<PublishLayer> publish_;
    std::optional<MonitoredItems> monitored_;
    std::optional<EventMonitor> events_;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
