/// Events and conditions of a server for the length of one command.
/// Thread: main. Lifetime: local to a command; the connection outlives it and stops answering before it goes.
#pragma once

#include <functional>
#include <optional>

#include "source/opcua/events/event_book.h"
#include "source/opcua/events/event_monitor.h"
#include "source/opcua/subscription/publish_layer.h"
#include "source/opcua/tool/connection.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EventWatch final : private PublishListener, private UpdateSink {
public:
    /// `take` gets what the server tells, in order.
    EventWatch(Connection& connection, EventOptions options, std::function<void(const EventBatch&)> take);
    EventWatch(const EventWatch&) = delete;
    EventWatch& operator=(const EventWatch&) = delete;
    ~EventWatch() override;

    /// Sends what is due; call it again and again. True when nothing can come any more: problem() says why.
    [[nodiscard]] bool turn();
    /// The conditions are those of now.
    [[nodiscard]] bool current() const noexcept { return current_; }
    /// Null where it is not among them.
    [[nodiscard]] SharedCondition find(const ConditionKey& key) const { return book_.conditions().find(key); }
    [[nodiscard]] StatusCode problem() const noexcept { return problem_; }

private:
    void onDataChange(NotificationReader& /*notifications*/) override {}
    void onEvents(std::span<const UA_EventFieldList> events) override { monitor_->onEvents(events); }
    void onPublished() override { monitor_->onPublished(); }
    void onGap(std::uint32_t /*subscription*/, std::uint32_t /*messages*/) override { monitor_->onGap(); }
    void onSubscriptionLost(std::uint32_t /*subscription*/, StatusCode reason) override { problem_ = reason; }
    void onAllLost(StatusCode reason) override { problem_ = reason; }
    void onStranger(std::uint32_t /*subscription*/) override {}

    TagId allocateTag() override { return TagId{}; }
    void declare(std::vector<SharedTagInfo> /*tags*/) override {}
    void post(std::vector<TagUpdate> /*updates*/) override {}
    void changeState(SourceState /*state*/) override {}
    void postEvents(EventBatch batch) override;

    const EventOptions options_;
    std::function<void(const EventBatch&)> take_;
    SourceCounters counters_;
    EventBook book_;
    PublishLayer publish_;
    std::optional<EventMonitor> monitor_;
    bool current_ = false;
    StatusCode problem_;
};

}  // namespace tagwire::source::opcua
