/// Fetches what a server's history knows of the time in which Tagwire had no connection to it
/// (OPC 10000-11, 6.4.3). Thread: the source's. Lifetime: one generation; the client outlives it.
///
/// How the session uses it. After a reconnect without the old subscription (or after a gap that Republish
/// could not close), when the items are created:
///   1. For each item that had a value make a GapItem {its index, its node id, source time of its last
///   value}, and a
///      GapMerger{that source time}. From now on the item's live values go to GapMerger::hold() instead of
///      the sink.
///   2. HistoryGapFiller::fill(items, wallClockNow(), onItem, onDone).
///   3. onItem(filled): merger.finish(std::move(filled.values), filled.complete()) is what goes to the sink,
///   in
///      one post; then the merger goes, and live values go to the sink again. `markNext` of the result: as a
///      gap that the publish layer reports, for this item alone. Items without history come back first,
///      within one round trip, so that their live values are held up no longer than that.
///   4. onDone(summary) is for the log and the metrics. When the connection breaks before it, destroy the
///   filler and
///      call finish({}, false) on the mergers that are left: held values are delivered, the gap is marked;
///      the next attempt starts from the newest value delivered.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/services/history_read.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct GapItem {
    /// The session's name for it.
    std::uint32_t index = 0;
    Ua<UA_NodeId> node;
    /// Of the last value that was delivered.
    Timestamp last;
};

struct FilledItem {
    std::uint32_t index = 0;
    /// Good, or why the server has no history of it: BadHistoryOperationUnsupported where the node has none.
    StatusCode status;
    /// In time order, from `last` on.
    std::vector<DataValue> values;
    /// A bound was reached before the history's end.
    bool truncated = false;

    [[nodiscard]] bool complete() const noexcept { return status.isGood() && !truncated; }
};

struct GapSummary {
    std::size_t items = 0;
    /// Their whole gap is known now.
    std::size_t filled = 0;
    std::size_t withoutHistory = 0;
    /// Reading failed or a bound was reached.
    std::size_t incomplete = 0;
    std::size_t values = 0;
};

struct GapBounds {
    std::size_t valuesPerItem = 10'000;
    std::size_t valuesOverall = 1'000'000;
    /// An older last value counts as if it were of this age. After an outage that was longer the session
    /// marks the gap itself, as it does without history.
    std::chrono::hours longest{24};
};

class HistoryGapFiller {
public:
    HistoryGapFiller(UaClient& client, const ServerInfo& server, const GapBounds& bounds = {});
    /// Ends what is under way; nothing is called back any more.
    ~HistoryGapFiller();
    HistoryGapFiller(const HistoryGapFiller&) = delete;
    HistoryGapFiller& operator=(const HistoryGapFiller&) = delete;

    using OnItem = std::function<void(FilledItem& item)>;
    using OnDone = std::function<void(const GapSummary& summary)>;

    /// Once per filler. `onItem` is called once an item, those with the shortest gap first, and may take the
    /// values; then `onDone`. Neither may destroy the filler.
    void fill(std::vector<GapItem> items, Timestamp now, OnItem onItem, OnDone onDone);

private:
    class Filling;
    std::shared_ptr<Filling> filling_;
    UaClient& client_;
    const ServerInfo& server_;
    const GapBounds bounds_;
};

/// Items that are read together, from one start: the server takes one range a request.
struct GapGroup {
    Timestamp start;
    /// Positions in the list of items.
    std::vector<std::size_t> items;
};

/// Groups of items whose last values are about as old, so that no item is read from much earlier than it
/// needs: the starts within a group differ by a tenth of its age at most. Shortest gap first. Values from the
/// future count as of now.
[[nodiscard]] std::vector<GapGroup> groupByStart(const std::vector<GapItem>& items, Timestamp now,
                                                 std::chrono::hours longest);

}  // namespace tagwire::source::opcua
