/// Fetches what a server's history knows of the time in which Tagwire had no connection to it
/// (OPC 10000-11, 6.4.3). Thread: the source's. Lifetime: one generation; the client and the types
/// outlive it.
///
/// How the session uses it: session/history_part.h. Live values of the items are held back (GapMerger) from
/// before they are created until `onItem`, which delivers both in one row. Items without history come back
/// first, within one round trip.
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
    std::chrono::milliseconds longest = std::chrono::hours(24);
};

class HistoryGapFiller {
public:
    HistoryGapFiller(UaClient& client, const ServerInfo& server, TypeReader& types,
                     const GapBounds& bounds = {});
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
    TypeReader& types_;
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
                                                 std::chrono::milliseconds longest);

}  // namespace tagwire::source::opcua
