#include "source/opcda/agent_diagnostics.h"

#include <utility>

namespace tagwire::source::opcda {
namespace {

SourceCount counter(std::string_view name, std::string_view help, std::uint64_t value) {
    return {.name = name, .help = help, .counter = true, .value = static_cast<double>(value)};
}

}  // namespace

void AgentDiagnostics::connected() {
    disconnected();
    ++connections_;
}

void AgentDiagnostics::disconnected() {
    live_ = false;
    health_.reset();
    skew_.reset();
}

void AgentDiagnostics::serverIs(bool live, std::chrono::milliseconds granted) {
    if (std::exchange(live_, live) && !live) ++losses_;
    granted_ = granted;
    lastCame_ = SteadyClock::now();
    if (live) return;
    health_.reset();
    skew_.reset();
}

void AgentDiagnostics::came(std::size_t values, bool past) {
    ++frames_;
    values_ += values;
    if (past) past_ += values;
    lastCame_ = SteadyClock::now();
}

std::uint64_t AgentDiagnostics::take(const AgentHealth& health) {
    skew_.reset();
    if (health.clock)
        skew_ = std::chrono::milliseconds(toUnixMillis(*health.clock) - toUnixMillis(wallClockNow()));
    // An agent that was started anew counts from 0 again.
    const auto before = health.lost < lostAtAgent_ ? 0 : lostAtAgent_;
    const auto more = health.lost - before;
    lostAtAgent_ = health.lost;
    lost_ += more;
    health_ = health;
    return more;
}

SourceDiagnostics AgentDiagnostics::report(std::string endpoint, std::uint64_t items) const {
    SourceDiagnostics told;
    told.source = source_;
    told.at = wallClockNow();
    told.endpoint = std::move(endpoint);
    if (health_) {
        told.serverState = health_->state;
        told.serverStarted = health_->started;
        told.roundTrip = health_->roundTrip;
    }
    told.clockSkew = skew_;
    told.counts = {
        counter("source_agent_connections_total", "Connections of agents.", connections_),
        counter("source_server_losses_total", "Times the agent lost its OPC DA server.", losses_),
        counter("source_agent_frames_total", "Data frames of agents.", frames_),
        counter("source_values_total", "Values that the server sent.", values_),
        counter("source_agent_past_values_total", "Of them those of a time without a connection.", past_),
        counter("source_agent_lost_values_total",
                "Values of a time without a connection that found no room at the agent.", lost_),
    };
    if (!live_) return told;
    const auto silence =
        std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - lastCame_);
    told.subscriptions = {{.id = 1,
                           .askedInterval = asked_,
                           .publishingInterval = granted_.count() == 0 ? asked_ : granted_,
                           .keepAliveCount = 0,
                           .lifetimeCount = 0,
                           .items = items,
                           .silence = silence}};
    return told;
}

}  // namespace tagwire::source::opcda
