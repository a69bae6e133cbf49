#include "source/opcua/subscription/item_table.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

std::map<std::string, std::string> descriptionOf(const TagOptions& tag) {
    if (tag.description.empty()) return {};
    return {{"", tag.description}};
}

TagInfo infoOf(const OpcUaOptions& options, const TagOptions& tag, TagPath path, TagId id, SourceId source) {
    const bool ranged = tag.range.low && tag.range.high;
    return {.id = id,
            .path = std::move(path),
            .source = source,
            .type = BuiltInType::Null,
            .dimensions = {},
            .units = tag.unit.empty() ? std::nullopt : std::optional(EngineeringUnits{tag.unit, {}, -1}),
            .range = ranged ? std::optional(EURange{*tag.range.low, *tag.range.high}) : std::nullopt,
            .limits = {tag.limits.lowLow, tag.limits.low, tag.limits.high, tag.limits.highHigh},
            .access = Access::Read,
            .description = descriptionOf(tag),
            .enumLabels = {},
            .decimals = {},
            .samplingInterval = tag.samplingInterval.value_or(options.samplingInterval),
            .deadband = deadbandOf(options, tag),
            .simulated = false};
}

}  // namespace

ItemTable::ItemTable(const OpcUaOptions& options, SourceId source, UpdateSink& sink) : sink_(sink) {
    std::vector<SharedTagInfo> declared;
    items_.reserve(options.tags.size());
    declared.reserve(options.tags.size());
    for (const TagOptions& tag : options.tags) {
        auto path = TagPath::parse(tagPathText(options, tag));
        auto node = NodeAddress::parse(tag.node);
        if (!path || !node) {
            log::error("opcua", "{}: tag `{}` is left out: {}", options.name, tag.name,
                       path ? node.error().message : path.error().message);
            continue;
        }
        const TagId id = sink.allocateTag();
        declared.push_back(
            std::make_shared<const TagInfo>(infoOf(options, tag, std::move(*path), id, source)));
        items_.push_back({.tag = id,
                          .info = declared.back(),
                          .node = std::move(*node),
                          .samplingInterval = *declared.back()->samplingInterval,
                          .queueSize = tag.queueSize.value_or(options.queueSize),
                          .discardOldest = tag.discardOldest.value_or(options.discardOldest),
                          .deadband = declared.back()->deadband});
    }
    sink.declare(std::move(declared));
}

void ItemTable::takeNotifications(std::span<const UA_MonitoredItemNotification> notifications,
                                  ValueDecoder& decoder) {
    const Timestamp received = wallClockNow();
    if (updates_.empty()) updates_.reserve(notifications.size());
    for (const UA_MonitoredItemNotification& notification : notifications) {
        if (notification.clientHandle >= items_.size()) continue;
        Item& item = items_[notification.clientHandle];
        TagUpdate& update = updates_.emplace_back(
            TagUpdate{item.tag, decoder.decode(notification.value, notification.clientHandle, received)});
        if (std::exchange(item.overflow, false)) update.value.status = update.value.status.withOverflow();
        learnType(item, update.value.value);
    }
}

void ItemTable::redeliver(ValueDecoder& decoder) {
    for (auto& [handle, value] : decoder.retry()) updates_.push_back({items_[handle].tag, std::move(value)});
    flush();
}

void ItemTable::takeFailure(std::size_t index, StatusCode reason) {
    const Timestamp now = wallClockNow();
    updates_.push_back({items_[index].tag, {Value{}, reason, now, now}});
}

void ItemTable::markGap() noexcept {
    for (Item& item : items_) item.overflow = true;
}

void ItemTable::flush() {
    if (!learned_.empty()) sink_.declare(std::exchange(learned_, {}));
    if (!updates_.empty()) sink_.post(std::exchange(updates_, {}));
}

void ItemTable::learnType(Item& item, const Value& value) {
    const BuiltInType type = value.type();
    const bool known = item.info->type == type && item.info->dimensions.empty() != value.isArray();
    if (known || type == BuiltInType::Null) return;
    TagInfo info = *item.info;
    info.type = type;
    info.dimensions.clear();
    if (const auto* array = value.getIf<Array>()) {
        info.dimensions.assign(std::max<std::size_t>(1, array->dimensions.size()), 0);
    }
    item.info = std::make_shared<const TagInfo>(std::move(info));
    learned_.push_back(item.info);
}

}  // namespace tagwire::source::opcua
