// What the session tells of itself: its state for everybody, and its inner life for diagnostics.
#include <utility>

#include <fmt/format.h>

#include "source/opcua/session/counts.h"
#include "source/opcua/session/endpoint_session.h"

namespace tagwire::source::opcua {

using std::chrono::milliseconds;

void EndpointSession::report() {
    SourceState now = state();
    if (step_ == Step::Live) {
        reportedVersion_ = generation_->items()->version();
        reportedWarning_ = healthWarning(generation_->watch().health());
        reportedNotices_ = noticesNow();
    }
    if (reported_ && reported_->phase == now.phase) now.since = reported_->since;
    if (reported_ == now) return;
    reported_ = now;
    sink_.changeState(std::move(now));
}

SourceState EndpointSession::state() const {
    SourceState state{.source = source_,
                      .name = options_.name,
                      .kind = "opcua",
                      .since = wallClockNow(),
                      .why = failure_.status,
                      .message = failure_.message,
                      .endpoint = endpoints_.current(),
                      .tags = static_cast<std::uint32_t>(items_.tagCount())};
    switch (step_) {
        case Step::Idle: state.phase = SourcePhase::Idle; break;
        case Step::LookingUp:
        case Step::Connecting:
        case Step::ReadingServer: state.phase = SourcePhase::Connecting; break;
        case Step::Subscribing: state.phase = SourcePhase::Subscribing; break;
        case Step::Live: state.phase = SourcePhase::Live; break;
        case Step::Stale: state.phase = SourcePhase::Stale; break;
        case Step::Closing: state.phase = SourcePhase::Closing; break;
        case Step::Backoff: state.phase = SourcePhase::Backoff; break;
        case Step::Stopped: state.phase = SourcePhase::Stopped; break;
    }
    if (step_ != Step::Live) return state;

    state.why = StatusCode{};
    state.message = liveMessage();
    const auto& records = generation_->items()->records();
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].status.isBad() && i < items_.size())
            state.badTags += static_cast<std::uint32_t>(items_[i].tags.size());
    }
    return state;
}

std::string EndpointSession::liveMessage() const {
    std::string message = healthWarning(generation_->watch().health());
    const auto say = [&message](const std::string& more) {
        if (!message.empty()) message += "; ";
        message += more;
    };
    const auto& records = generation_->items()->records();
    std::size_t bad = 0;
    const ItemRecord* first = nullptr;
    std::string firstPath;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].status.isGood() || i >= items_.size() || !items_.wanted(i)) continue;
        bad += items_[i].tags.size();
        if (first != nullptr) continue;
        first = &records[i];
        firstPath = items_[i].tags.front().info->path.text();
    }
    if (first != nullptr) {
        say(fmt::format("{} of {} tags cannot be read; the first is `{}`: {}", bad, items_.tagCount(),
                        firstPath, statusText(first->status)));
    }
    if (generation_->subscriptions().fewer()) {
        say("the server allows no further subscription: tags share those of other publishing intervals; "
            "close other clients there, raise its limit of subscriptions, or use fewer intervals");
    }
    for (const std::string& notice : noticesNow()) say(notice);
    return message;
}

std::vector<std::string> EndpointSession::noticesNow() const {
    std::vector<std::string> notices;
    for (const ConnectionPart* part : parts_) {
        if (std::string notice = part->notice(); !notice.empty()) notices.push_back(std::move(notice));
    }
    return notices;
}

std::vector<SubscriptionDiagnostics> EndpointSession::subscriptionsNow(SteadyTime now) const {
    std::vector<SubscriptionDiagnostics> all;
    const auto add = [&](const Subscription& granted, milliseconds asked, std::size_t items) {
        const SubscriptionFlow* flow = generation_->publishing().find(granted.id);
        all.push_back({.id = granted.id,
                       .askedInterval = asked,
                       .publishingInterval = granted.publishingInterval,
                       .keepAliveCount = granted.keepAliveCount,
                       .lifetimeCount = granted.lifetimeCount,
                       .items = items,
                       .silence = flow != nullptr ? flow->silence(now) : milliseconds{0}});
    };
    generation_->subscriptions().each(add);
    // Those of the parts, which ask for the source's own interval.
    generation_->publishing().each([&](const SubscriptionFlow& flow) {
        const Subscription& granted = flow.subscription();
        if (generation_->subscriptions().slotOf(granted.id)) return;
        std::size_t items = 0;
        for (const ConnectionPart* part : parts_) items += part->itemsIn(granted.id);
        add(granted, options_.publishingInterval, items);
    });
    return all;
}

void EndpointSession::tellDiagnostics(SteadyTime now) {
    if (now < nextDiagnostics_) return;
    nextDiagnostics_ = now + kDiagnosticsInterval;
    auto told = std::make_shared<SourceDiagnostics>();
    told->source = source_;
    told->at = wallClockNow();
    told->endpoint = endpoints_.current();
    told->counts = countsOf(counters_);
    std::size_t failed = 0;
    if (connection() != nullptr) {
        const ServerHealth& health = generation_->watch().health();
        told->serverState = serverStateName(health);
        told->serviceLevel = health.serviceLevel;
        if (health.startTime) told->serverStarted = timestampOf(*health.startTime);
        told->clockSkew = health.clockSkew;
        told->roundTrip = health.roundTrip;
        told->subscriptions = subscriptionsNow(now);
        if (generation_->items() != nullptr) failed = generation_->items()->failed();
    }
    const auto gauge = [&](std::string_view name, std::string_view help, double value) {
        told->counts.push_back({.name = name, .help = help, .counter = false, .value = value});
    };
    gauge("source_items_failed", "Items that the server refuses now.", static_cast<double>(failed));
    gauge("source_subscriptions", "Subscriptions at the server now.",
          static_cast<double>(told->subscriptions.size()));
    if (told->serviceLevel)
        gauge("source_service_level", "Service level of the server, 0 to 255.",
              static_cast<double>(*told->serviceLevel));
    if (told->clockSkew)
        gauge("source_clock_skew_seconds", "The server's clock minus ours.",
              static_cast<double>(told->clockSkew->count()) / 1000);
    diagnostics_.set(std::move(told));
}

}  // namespace tagwire::source::opcua
