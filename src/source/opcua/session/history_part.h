/// Fills what was missed from the server's history: on every connection after the first, and where the server
/// ended a subscription or its messages are missing. Live values of the items in question wait until the
/// history has been read, and all come in time order. A connection that breaks on the way leaves the rest to
/// the next one.
/// Thread: the source's. Lifetime: outlives the session it was added to, as options and counters outlive it.
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
    /// The items are there again, so that nothing is missed from here on.
    void begin(Generation& generation);
    void read(Generation& generation, std::vector<GapItem> items);
    void end(ItemTable& table);

    const OpcUaOptions& options_;
    bool live_ = false;
    /// Items are held whose history is not asked for yet.
    bool due_ = false;
    /// The outage is not longer than what is read of the history.
    bool reachesBack_ = true;
    std::optional<HistoryGapFiller> filler_;
    /// Which answers are waited for: those of an earlier number are of no use any more.
    unsigned round_ = 0;
    /// When live values go on without history; unset while none wait.
    std::optional<SteadyTime> deadline_;
    int unfinished_ = 0;
};

}  // namespace tagwire::source::opcua
