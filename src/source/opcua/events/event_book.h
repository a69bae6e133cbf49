/// What is known of the events and conditions of one server, across all its connections: what is new goes to
/// the sink once, whatever reconnects, refreshes and overlapping notifiers repeat.
/// Thread: the source's. Lifetime: the session's; it outlives every generation; the sink outlives it.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

#include "source/opcua/event_options.h"
#include "source/opcua/events/condition_table.h"
#include "source/opcua/events/event_decode.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EventBook {
public:
    /// Events of several notifiers that come twice are recognised within this many.
    static constexpr std::size_t kRecentIds = 2'000;

    EventBook(const EventOptions& options, UpdateSink& sink);
    EventBook(const EventBook&) = delete;
    EventBook& operator=(const EventBook&) = delete;
    ~EventBook() = default;

    /// A new connection begins: what its server does not tell again is not known to be so any more.
    /// What happened since the last one ended was missed, which counts as a loss.
    void beginConnection() noexcept;
    /// As beginConnection(), but what happened meanwhile was queued at the server and comes.
    void resumeConnection() noexcept { table_.beginRefresh(); }
    /// The conditions stay as they were last known.
    void endConnection();

    /// `refreshed`: told by a refresh.
    void take(DecodedEvent decoded, bool refreshed);
    /// An unknown number of events is missing.
    void markLoss() noexcept { ++batch_.overflows; }

    void refreshBegan() noexcept { table_.beginRefresh(); }
    /// All was told, or there is nobody to tell: what was not is gone.
    void refreshEnded();

    /// Hands everything taken since the last flush to the sink, at once.
    void flush();

    [[nodiscard]] const ConditionTable& conditions() const noexcept { return table_; }

private:
    [[nodiscard]] bool seenBefore(const std::string& id);
    void takeCondition(SourceCondition condition, SourceEvent event);
    void post(SourceEvent event);

    const EventOptions& options_;
    UpdateSink& sink_;
    ConditionTable table_;
    EventBatch batch_;
    bool connectedBefore_ = false;
    std::deque<std::string> recentIds_;
    std::unordered_set<std::string> recentIdSet_;
};

}  // namespace tagwire::source::opcua
