#include "app/running_sources.h"

#include <algorithm>
#include <utility>

#include "model/generated/status_codes.h"

namespace tagwire::app {
namespace {

/// Null: there is none of this name.
auto* slotIn(auto& slots, std::string_view name) {
    const auto found = std::ranges::find_if(slots, [name](const auto& slot) { return slot.name == name; });
    return found == slots.end() ? nullptr : &*found;
}

}  // namespace

void RunningSources::add(const std::string& name, const std::string& kind, const Make& make,
                         Succession succession) {
    auto& inbox = store_.addSource();
    auto sink = std::make_unique<StoreSink>(inbox, ids_, succession);
    metrics_.addSource(name, inbox, sink->events());
    events_.add(name, sink->events());
    const SourceId id{static_cast<SourceId::Representation>(slots_.size())};
    sink->changeState({.source = id,
                       .name = name,
                       .kind = kind,
                       .phase = SourcePhase::Idle,
                       .since = wallClockNow(),
                       .why = kBadWaitingForInitialData,
                       .message = {},
                       .endpoint = {}});
    auto source = make(id, *sink);
    metrics_.setDiagnostics(name, source.get());
    {
        const std::scoped_lock lock(mutex_);
        slots_.push_back({.name = name,
                          .id = id,
                          .succession = succession,
                          .sink = std::move(sink),
                          .source = source.get()});
    }
    sources_.add(std::move(source));
}

void RunningSources::replace(std::string_view name, const Make& make) {
    auto* slot = slotIn(slots_, name);
    if (slot == nullptr) return;
    slot->source->stop();
    slot->sink->succeed();
    auto source = make(slot->id, *slot->sink);
    metrics_.setDiagnostics(slot->name, source.get());
    {
        const std::scoped_lock lock(mutex_);
        slot->source = source.get();
    }
    sources_.add(std::move(source));
}

void RunningSources::end(std::string_view name, std::string message) {
    auto* slot = slotIn(slots_, name);
    if (slot == nullptr) return;
    slot->source->stop();
    auto state = slot->sink->state();
    state.phase = SourcePhase::Stopped;
    state.since = wallClockNow();
    state.why = kBadShutdown;
    state.message = std::move(message);
    slot->sink->changeState(std::move(state));
}

void RunningSources::start() { sources_.start(); }

void RunningSources::stop() noexcept { sources_.stop(); }

SourceServices* RunningSources::find(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto* slot = slotIn(slots_, name);
    return slot == nullptr ? nullptr : slot->source->services();
}

std::optional<serve::SourceDirectory::Conditions> RunningSources::conditionsOf(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto* slot = slotIn(slots_, name);
    if (slot == nullptr) return std::nullopt;
    return Conditions{.services = slot->source->conditions(), .state = slot->sink->state()};
}

std::shared_ptr<const SourceDiagnostics> RunningSources::diagnostics(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto* slot = slotIn(slots_, name);
    return slot == nullptr ? nullptr : slot->source->diagnostics();
}

WriterDirectory::Found RunningSources::writerOf(SourceId source) const {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(slots_, source, &Slot::id);
    if (found == slots_.end()) return {};
    return {.writer = found->source->writer(), .state = found->sink->state()};
}

bool RunningSources::contains(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    return slotIn(slots_, name) != nullptr;
}

bool RunningSources::canBeReplaced(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto* slot = slotIn(slots_, name);
    return slot != nullptr && slot->succession == Succession::Possible;
}

}  // namespace tagwire::app
