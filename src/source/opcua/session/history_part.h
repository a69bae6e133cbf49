/// Fills, on every connection after the first, what was missed meanwhile from the server's history: live
/// values of the items in question wait until it has been read, and all come in time order. A connection that
/// breaks on the way leaves the rest to the next one. Thread: the source's. Lifetime: outlives the session it
/// was added to, as options and counters outlive it.
#pragma once

#include <optional>
#include <vector>

#include "source/opcua/options.h"
#include "source/opcua/services/history_gap_filler.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/subscription/item_table.h"

namespace tagwire::source::opcua {

class HistoryPart final : public ConnectionPart {
public:
    /// Connections that broke before the history was read; after that the live values wait no longer.
    static constexpr int kMaxUnfinished = 3;

    explicit HistoryPart(const OpcUaOptions& options) : options_(options) {}

    void onOpened(Generation& generation) override;
    void onLive(Generation& generation, std::optional<Timestamp> lostSince) override;
    void onTurn(Generation& generation, SteadyTime now) override;
    void onClosed() override;

private:
    void read(Generation& generation, std::vector<GapItem> items, bool reachesBack);

    const OpcUaOptions& options_;
    /// Of this connection.
    std::vector<ItemTable::HeldItem> items_;
    std::optional<HistoryGapFiller> filler_;
    /// When live values go on without history; unset while none wait.
    std::optional<SteadyTime> deadline_;
    int unfinished_ = 0;
};

}  // namespace tagwire::source::opcua
