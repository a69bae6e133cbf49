/// Everything that lives as long as one connection to the server: the client, the subscriptions, their items.
/// Thread: the source's. Lifetime: from an attempt to connect until it is closed; owned by the session.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/session/server_watch.h"
#include "source/opcua/subscription/item_table.h"
#include "source/opcua/subscription/monitored_items.h"
#include "source/opcua/subscription/publish_layer.h"
#include "source/opcua/subscription/subscription_set.h"
#include "source/opcua/values/value_decoder.h"

namespace tagwire::source::opcua {

/// What a connection that broke has left behind at the server, for the next one to take over.
struct Estate {
    /// The session itself; null where it could not be gone on with.
    std::shared_ptr<const SessionKey> session;
    /// Only this run of the server may have it: after a restart the same ids may be somebody else's.
    UA_DateTime serverStarted = 0;
    std::vector<SubscriptionRecord> subscriptions;
    std::vector<ItemRecord> items;
    /// Whose own subscriptions are there, too.
    struct PartSubscription {
        ConnectionPart* part = nullptr;
        std::uint32_t id = 0;
    };
    std::vector<PartSubscription> parts;
};

class Generation final : private PublishListener {
public:
    /// What outlives it.
    struct Surroundings {
        const OpcUaOptions& options;
        ItemTable& items;
        SourceCounters& counters;
        const std::vector<ConnectionPart*>& parts;
        /// May be null.
        NodeResolver* resolver;
    };

    /// Begins to connect.
    Generation(const ClientSettings& settings, const Surroundings& surroundings);
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;
    ~Generation() override = default;

    [[nodiscard]] UaClient& client() noexcept { return client_; }
    [[nodiscard]] ServerInfo& info() noexcept { return info_; }
    [[nodiscard]] const ServerInfo& info() const noexcept { return info_; }
    [[nodiscard]] TypeReader& typeReader() noexcept { return typeReader_; }
    [[nodiscard]] ServerWatch& watch() noexcept { return watch_; }
    [[nodiscard]] PublishLayer& publishing() noexcept { return publish_; }
    [[nodiscard]] const SubscriptionSet& subscriptions() const noexcept { return subscriptions_; }
    [[nodiscard]] ItemTable& table() noexcept { return around_.items; }
    /// Null until it is known whether there is something to take over.
    [[nodiscard]] MonitoredItems* items() noexcept { return monitored_ ? &*monitored_ : nullptr; }

    /// Takes over what is in `estate`, as far as the server agrees, and makes the rest, `perCall` items at a
    /// time at most.
    void subscribe(std::size_t perCall, std::optional<Estate> estate);
    /// Sends what is due. Called from the I/O loop, between runs of the client.
    void tick(SteadyTime now);

    /// Remakes what is silent while others are lively. True when all is silent.
    [[nodiscard]] bool checkSilence(SteadyTime now);

    /// What the next connection may take over; nothing when there is none.
    [[nodiscard]] std::optional<Estate> leave();

    /// Why this generation cannot be of use any more; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept;

private:
    /// The session goes on, with all it had.
    void resume();
    /// After a session went on nothing comes of values that did not change: asks for all once.
    void resend(SubscriptionSlot slot);
    void requestTransfer();
    void onTransferred(const UA_TransferSubscriptionsResponse& response);
    /// Of `items`, those of subscriptions that got a slot.
    static void keepItems(std::vector<ItemRecord>& items,
                          const std::vector<std::optional<SubscriptionSlot>>& slots);
    void createItems(std::vector<ItemRecord> before);
    void remake(std::uint32_t subscription, StatusCode reason);
    void onDataChange(NotificationReader& notifications) override;
    void onEvents(std::span<const UA_EventFieldList> events) override;
    void onPublished() override;
    void onGap(std::uint32_t subscription, std::uint32_t messages) override;
    void onSubscriptionLost(std::uint32_t subscription, StatusCode reason) override;
    void onAllLost(StatusCode reason) override;
    void onStranger(std::uint32_t subscription) override;

    const Surroundings around_;
    UaClient client_;
    ServerInfo info_;
    ValueDecoder decoder_;
    TypeReader typeReader_;
    ServerWatch watch_;
    PublishLayer publish_;
    SubscriptionSet subscriptions_;
    std::optional<MonitoredItems> monitored_;
    std::size_t perCall_ = 1;
    const bool resumed_;
    std::shared_ptr<const SessionKey> session_;
    /// Waits for the server's answer.
    std::optional<Estate> estate_;
    bool allLost_ = false;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
