/// Events and conditions of the server on every connection, by a subscription of their own: a flood of events
/// never delays values, and a server that refuses it loses nothing else.
/// Thread: the source's. Lifetime: outlives the session it was added to; options, sink and listener outlive
/// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "source/opcua/events/event_book.h"
#include "source/opcua/events/event_monitor.h"
#include "source/opcua/options.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/subscription/subscription_flow.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EventPart final : public ConnectionPart {
public:
    /// `modelChanges` may be null. Where events are off and nobody wants model changes, it does nothing.
    EventPart(const OpcUaOptions& options, UpdateSink& sink, ModelChangeListener* modelChanges = nullptr);

    void onOpened(Generation& generation) override;
    void onTurn(Generation& generation, SteadyTime now) override;
    void onEvents(std::span<const UA_EventFieldList> events) override;
    void onGap(std::uint32_t subscription) override;
    void onSubscriptionLost(std::uint32_t subscription, StatusCode reason) override;
    void onClosed() override;
    [[nodiscard]] std::uint32_t ownSubscription() const override;
    void onTakenOver(Generation& generation) override;
    [[nodiscard]] std::size_t itemsIn(std::uint32_t subscription) const override;
    [[nodiscard]] std::string notice() const override;

private:
    /// What the last connection has left at the server, with the events that are queued there.
    struct Left {
        Subscription granted;
        SequenceTracker past;
        EventMonitor::Record monitor;
    };

    [[nodiscard]] bool wanted() const noexcept { return options_.events.enabled || modelChanges_ != nullptr; }
    void subscribe();

    const OpcUaOptions& options_;
    EventBook book_;
    ModelChangeListener* const modelChanges_;
    Generation* generation_ = nullptr;
    std::optional<EventMonitor> monitor_;
    std::uint32_t subscription_ = 0;
    std::optional<Left> left_;
    /// When the subscription is asked for again; unset while it is there or asked for.
    std::optional<SteadyTime> nextTry_;
    StatusCode refusal_;
};

}  // namespace tagwire::source::opcua
