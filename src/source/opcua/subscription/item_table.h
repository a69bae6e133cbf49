/// The tags of one server: what is wanted of each, and the way of their values to the sink. The index of an
/// item is its clientHandle. Thread: the source's. Lifetime: the session's; it outlives every generation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/tag_info.h"
#include "model/tag_update.h"
#include "source/opcua/options.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/value_decoder.h"
#include "source/source.h"

namespace tagwire::source::opcua {

struct Item {
    TagId tag;
    SharedTagInfo info;
    NodeAddress node;
    std::chrono::milliseconds samplingInterval;
    std::uint32_t queueSize;
    bool discardOldest;
    Deadband deadband;
    /// Values before the next one were lost.
    bool overflow = false;
};

class ItemTable {
public:
    /// Declares the tags. Options that do not pass OpcUaOptions::check() lose the tags that are wrong.
    ItemTable(const OpcUaOptions& options, SourceId source, UpdateSink& sink);

    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    [[nodiscard]] const Item& operator[](std::size_t index) const noexcept { return items_[index]; }

    /// Takes over new values; a type that is seen for the first time becomes metadata. Handles that are none
    /// of ours are dropped.
    void takeNotifications(std::span<const UA_MonitoredItemNotification> notifications,
                           ValueDecoder& decoder);
    /// Takes over values that were opaque until their types were read.
    void redeliver(ValueDecoder& decoder);
    /// The item has no value, for this reason.
    void takeFailure(std::size_t index, StatusCode reason);
    /// Values of unknown tags were lost: the next of each carries the overflow bit.
    void markGap() noexcept;
    /// Hands everything taken since the last flush to the sink, at once.
    void flush();

private:
    void learnType(Item& item, const Value& value);

    UpdateSink& sink_;
    std::vector<Item> items_;
    std::vector<SharedTagInfo> learned_;
    std::vector<TagUpdate> updates_;
};

}  // namespace tagwire::source::opcua
