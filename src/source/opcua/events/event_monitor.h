/// Monitors the events of one server over one connection: creates the monitored items with the best filter
/// the server takes, decodes what they bring into the EventBook, refreshes the conditions at every connect
/// and whenever some may have been missed, and tells of changes of the address space.
///
/// What the owner does: begin() once the subscription is there; onEvents(), onPublished() and onGap() from
/// its PublishLayer; tick() from the I/O loop. Thread: the source's. Lifetime: one generation; client,
/// options, book and listener outlive it, or the client delivers no more answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/event_options.h"
#include "source/opcua/events/event_book.h"
#include "source/opcua/events/event_decode.h"
#include "source/opcua/events/event_fields.h"
#include "source/opcua/events/refresh_cycle.h"

namespace tagwire::source::opcua {

struct EventMonitorSettings {
    /// Of the source, for the log.
    std::string name;
    const EventOptions& options;
    /// How often notifiers that the server refused are tried again.
    std::chrono::milliseconds retry;
    /// Null: nobody wants to know.
    ModelChangeListener* modelChanges = nullptr;
};

class EventMonitor {
public:
    EventMonitor(UaClient& client, EventBook& book, NamespaceArray namespaces, EventMonitorSettings settings);
    /// The link is lost: the conditions are not those of now any more.
    ~EventMonitor();
    EventMonitor(const EventMonitor&) = delete;
    EventMonitor& operator=(const EventMonitor&) = delete;

    /// What was made of one subscription: the selection of each notifier that it has an item for.
    struct Record {
        std::vector<std::optional<EventSelection>> created;
    };

    /// The events come by this subscription.
    void begin(std::uint32_t subscription);
    /// The events go on coming by a subscription of an earlier connection, and those that were queued there
    /// come, too: nothing was missed. `record` is of a monitor with the same options.
    void resume(std::uint32_t subscription, const Record& record);
    [[nodiscard]] Record record() const;
    /// No answer about an item is outstanding: record() says what there is.
    [[nodiscard]] bool settled() const noexcept;
    /// The subscription is gone; begin() goes on with another one.
    void lose();
    void onEvents(std::span<const UA_EventFieldList> events);
    /// All of one response was delivered: hands it on.
    void onPublished() { book_.flush(); }
    /// Messages are missing, and events may have been in them.
    void onGap();
    void tick(SteadyTime now);

    /// Notifiers that the server takes.
    [[nodiscard]] std::size_t created() const noexcept;
    /// Of notifiers that it refuses, for an administrator; empty for none.
    [[nodiscard]] std::string notice() const;

private:
    struct Notifier {
        enum class State : std::uint8_t { Waiting, Asked, Created, Failed };

        NodeAddress node;
        EventSelection selection;
        State state = State::Waiting;
        /// Why the widest selection was refused, or all were.
        StatusCode status;
        SteadyTime nextTry;
    };

    void create(std::size_t index, SteadyTime now);
    void onCreated(std::size_t index, const UA_CreateMonitoredItemsResponse& response);
    void noteQueueSize(std::uint32_t revised);
    void refuse(std::size_t index, StatusCode status, std::span<const UA_StatusCode> clauses);
    void fail(std::size_t index, StatusCode status, SteadyTime now);
    void onEvent(const UA_EventFieldList& list, Timestamp received, SteadyTime now);
    void markLoss(const std::string& what);
    void refresh(SteadyTime now);
    /// `status`: of the call, where the outcome comes from its answer.
    void follow(RefreshCycle::Outcome outcome, StatusCode status = StatusCode{});

    UaClient& client_;
    EventBook& book_;
    NamespaceArray namespaces_;
    const EventMonitorSettings settings_;
    std::uint32_t subscription_ = 0;
    /// Answers about an earlier subscription mean nothing.
    std::uint32_t round_ = 0;
    std::vector<Notifier> notifiers_;
    RefreshCycle cycle_;
    /// What the server made of the queue, where it is shorter than asked.
    std::uint32_t queueSize_ = 0;
    /// One line in the log for a flood of losses.
    SteadyTime nextLossLog_;
    std::uint64_t lossesSinceLog_ = 0;
};

}  // namespace tagwire::source::opcua
