/// The tags of one server: what is wanted of each, and the way of their values to the sink. Tags that want
/// the same of the same node share one item. Thread: the source's. Lifetime: the session's; it outlives every
/// generation.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "model/tag_info.h"
#include "model/tag_update.h"
#include "source/opcua/options.h"
#include "source/opcua/services/gap_merger.h"
#include "source/opcua/subscription/source_counters.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/notification_reader.h"
#include "source/opcua/values/value_decoder.h"
#include "source/source.h"

namespace tagwire::source::opcua {

/// A place that has to be looked up at the server at each connect, in a notation that NodeResolver knows.
struct BrowseAddress {
    std::string text;
    friend bool operator==(const BrowseAddress&, const BrowseAddress&) = default;
};

using ItemAddress = std::variant<NodeAddress, BrowseAddress>;

/// What is asked of the server for one item.
struct ItemSettings {
    std::chrono::milliseconds publishingInterval{200};
    std::chrono::milliseconds samplingInterval{200};
    std::uint32_t queueSize = 10;
    bool discardOldest = true;
    Deadband deadband;

    friend bool operator==(const ItemSettings&, const ItemSettings&) = default;
};

struct NewItem {
    /// Its id from UpdateSink::allocateTag().
    SharedTagInfo info;
    ItemAddress address;
    ItemSettings settings;
};

class ItemTable {
public:
    /// Of all items that live at one time.
    static constexpr std::size_t kMaxItems = 1U << 21U;
    /// Live values that wait for the history of their items.
    static constexpr std::size_t kMaxHeld = 1'000'000;

    struct Tag {
        TagId id;
        SharedTagInfo info;
    };
    struct Item {
        ItemAddress address;
        ItemSettings settings;
        /// None once the item was removed. All of them get its values.
        std::vector<Tag> tags;
        /// What the server granted; none before.
        std::optional<std::chrono::milliseconds> grantedSampling;
        std::uint32_t grantedQueue = 0;
        bool changed = false;
    };

    ItemTable(UpdateSink& sink, SourceCounters& counters) : sink_(sink), counters_(counters) {}
    ItemTable(const ItemTable&) = delete;
    ItemTable& operator=(const ItemTable&) = delete;
    ~ItemTable() = default;

    /// Declares the tags and wants their items from now on. A tag that is there already is left out: the
    /// number of those that were taken is returned.
    std::size_t addItems(std::vector<NewItem> items);
    /// The tags get no values any more; items that no tag wants are deleted at the server. Tags that are not
    /// ours are passed over.
    void removeItems(std::span<const TagId> tags);

    /// Places in the table, used or free; an index is below it.
    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    [[nodiscard]] std::size_t tagCount() const noexcept { return indexOfTag_.size(); }
    [[nodiscard]] const Item& operator[](std::size_t index) const noexcept { return items_[index]; }
    [[nodiscard]] bool wanted(std::size_t index) const noexcept { return !items_[index].tags.empty(); }
    /// The clientHandle of the item at `index`: never that of an earlier item at the same place, as long as
    /// notifications of that one may still be on their way.
    [[nodiscard]] std::uint32_t handle(std::size_t index) const noexcept { return routes_[index].handle; }

    /// Indexes at which something was added or removed since the last call.
    [[nodiscard]] std::vector<std::uint32_t> takeChanges();
    /// Tags that joined the item of others since the last call: its next value may be long in coming.
    [[nodiscard]] std::vector<TagId> takeJoined() { return std::exchange(joined_, {}); }

    /// Takes over new values; a type that is seen for the first time becomes metadata. Handles that are none
    /// of ours are dropped.
    void takeNotifications(NotificationReader& notifications, ValueDecoder& decoder);
    /// Takes over values that were opaque until their types were read.
    void redeliver(ValueDecoder& decoder);
    /// The item has no value, for this reason.
    void takeFailure(std::size_t index, StatusCode reason);
    /// The server's answer to what was asked for.
    void takeGranted(std::size_t index, double samplingInterval, std::uint32_t queueSize);
    /// Values of this item were lost, or may be: the next one carries the overflow bit. Where a history may
    /// know them the live values are held back instead, as by holdHistorized().
    void markGap(std::size_t index);
    /// The item is to be made anew at the server, and values between are lost: they are held back where a
    /// history may know them.
    void interrupt(std::size_t index);
    /// Whether gaps are filled from the server's history; if not, nothing is ever held.
    void setFillGaps(bool fill) noexcept { fillGaps_ = fill; }
    /// Whether a gap has opened since the last call in what can be filled: the history read so far is not
    /// enough.
    [[nodiscard]] bool takeInterruption() noexcept { return std::exchange(interrupted_, false); }
    /// Whether the server keeps a history of the tag's node that may be read.
    void setHistorized(TagId tag, bool historized);
    struct HeldItem {
        std::uint32_t index = 0;
        /// Source time of the last value that was delivered.
        Timestamp last;
    };
    /// From now on the live values of items that have a history and had a value are held back, kMaxHeld of
    /// all items together: those whose values find no room then are released.
    void holdHistorized();
    /// What is held now.
    [[nodiscard]] std::vector<HeldItem> heldItems() const;
    /// What the history has of a held item, and its held values after it, as one row; the item's values are
    /// live again. Where `complete` is false, or too many came, the first value behind the hole carries the
    /// overflow bit. An item that is not held any more is passed over.
    void release(std::uint32_t index, std::vector<DataValue> history, bool complete);
    /// The items that are held still have to do without history.
    void releaseAll();
    /// Other metadata of a tag; its id and path stay.
    void changeInfo(TagId tag, SharedTagInfo info);
    /// Null if the tag is none of ours.
    [[nodiscard]] SharedTagInfo info(TagId tag) const;
    /// The item that brings the tag's values.
    [[nodiscard]] std::optional<std::uint32_t> indexOf(TagId tag) const;
    /// Values of `tag` from another place than its item, such as the server's history; in their order.
    void takeValues(std::vector<TagUpdate> updates);
    /// The present value of one tag, as read.
    void takeRead(TagId tag, const UA_DataValue& value, ValueDecoder& decoder);
    /// Hands everything taken since the last flush to the sink, at once.
    void flush();

private:
    /// What the way of a value needs, close together.
    struct Route {
        TagId tag;
        std::uint32_t handle = 0;
        BuiltInType type = BuiltInType::Null;
        bool array = false;
        /// There is an item, and it has tags.
        bool wanted = false;
        /// More tags than one.
        bool shared = false;
        bool gap = false;
        /// The tags' metadata lag behind what is known.
        bool infoDue = false;
        bool historized = false;
        /// Its values go to held_.
        bool held = false;
        /// Of the last value that was delivered.
        Timestamp last = Timestamp::min();
    };
    struct SameHash {
        const ItemTable* table;
        std::size_t operator()(std::uint32_t index) const noexcept;
    };
    struct SameItem {
        const ItemTable* table;
        bool operator()(std::uint32_t a, std::uint32_t b) const noexcept;
    };

    [[nodiscard]] std::optional<std::uint32_t> placeFor(NewItem& item);
    void markChanged(std::uint32_t index);
    void updateRoute(std::uint32_t index);
    void learn(std::uint32_t index, const Value& value);
    void take(std::uint32_t index, DataValue&& value, std::uint64_t& overflows);
    void hold(std::uint32_t index, DataValue value);
    void deliver(std::uint32_t index, DataValue&& value, bool backfill = false);

    UpdateSink& sink_;
    SourceCounters& counters_;
    std::vector<Route> routes_;
    std::vector<Item> items_;
    std::vector<std::uint32_t> free_;
    std::unordered_set<std::uint32_t, SameHash, SameItem> byRequest_{0, SameHash{this}, SameItem{this}};
    std::unordered_map<TagId, std::uint32_t> indexOfTag_;
    std::vector<std::uint32_t> changes_;
    std::vector<TagId> joined_;
    std::unordered_map<std::uint32_t, GapMerger> held_;
    std::size_t heldValues_ = 0;
    bool fillGaps_ = false;
    bool interrupted_ = false;
    std::vector<SharedTagInfo> learned_;
    std::vector<TagUpdate> updates_;
};

/// The tags of the configuration. Options that do not pass OpcUaOptions::check() lose the tags that are
/// wrong.
[[nodiscard]] std::vector<NewItem> configuredItems(const OpcUaOptions& options, SourceId source,
                                                   UpdateSink& sink);

}  // namespace tagwire::source::opcua
