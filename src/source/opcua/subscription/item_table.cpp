#include "source/opcua/subscription/item_table.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace tagwire::source::opcua {
namespace {

/// A clientHandle is the item's index and, above it, how many items had this index before, modulo 2048.
constexpr std::uint32_t kIndexBits = 21;
constexpr std::uint32_t kIndexMask = (1U << kIndexBits) - 1;
static_assert(ItemTable::kMaxItems == kIndexMask + 1U);

void mix(std::size_t& hash, std::size_t more) noexcept {
    hash ^= more + 0x9E3779B97F4A7C15U + (hash << 6U) + (hash >> 2U);
}

std::size_t hashOf(const NodeAddress& node) noexcept {
    std::size_t hash = node.space.index();
    if (const auto* uri = std::get_if<std::string>(&node.space)) {
        mix(hash, std::hash<std::string>{}(*uri));
    } else {
        mix(hash, std::get<std::uint16_t>(node.space));
    }
    if (const auto* text = std::get_if<std::string>(&node.identifier)) {
        mix(hash, std::hash<std::string>{}(*text));
    } else if (const auto* number = std::get_if<std::uint32_t>(&node.identifier)) {
        mix(hash, *number);
    }
    // GUIDs and opaque identifiers are rare enough to share a bucket with each other.
    return hash;
}

}  // namespace

std::size_t ItemTable::SameHash::operator()(std::uint32_t index) const noexcept {
    const Item& item = table->items_[index];
    const auto* node = std::get_if<NodeAddress>(&item.address);
    std::size_t hash = node != nullptr ? hashOf(*node)
                                       : std::hash<std::string>{}(std::get<BrowseAddress>(item.address).text);
    mix(hash, static_cast<std::size_t>(item.settings.publishingInterval.count()));
    return hash;
}

bool ItemTable::SameItem::operator()(std::uint32_t a, std::uint32_t b) const noexcept {
    const Item& left = table->items_[a];
    const Item& right = table->items_[b];
    return left.settings == right.settings && left.address == right.address;
}

std::size_t ItemTable::addItems(std::vector<NewItem> items) {
    std::vector<SharedTagInfo> declared;
    declared.reserve(items.size());
    for (NewItem& item : items) {
        const TagId tag = item.info->id;
        if (indexOfTag_.contains(tag)) continue;
        SharedTagInfo info = item.info;
        const auto index = placeFor(item);
        if (!index) break;
        declared.push_back(info);
        indexOfTag_.emplace(tag, *index);
        items_[*index].tags.push_back({tag, std::move(info)});
        if (items_[*index].tags.size() > 1) {
            routes_[*index].infoDue = true;
            joined_.push_back(tag);
        }
        updateRoute(*index);
    }
    const std::size_t taken = declared.size();
    if (taken > 0) sink_.declare(std::move(declared));
    return taken;
}

/// Where `item` goes: to one that asks for the same, or to a free place; nothing where the table is full.
std::optional<std::uint32_t> ItemTable::placeFor(NewItem& item) {
    std::uint32_t index = 0;
    if (!free_.empty()) {
        index = free_.back();
    } else if (items_.size() < kMaxItems) {
        index = static_cast<std::uint32_t>(items_.size());
        items_.emplace_back();
        routes_.emplace_back().handle = index;
        free_.push_back(index);
    } else {
        return std::nullopt;
    }
    items_[index] = {.address = std::move(item.address),
                     .settings = item.settings,
                     .tags = {},
                     .grantedSampling = {},
                     .changed = items_[index].changed};
    const auto [same, isNew] = byRequest_.insert(index);
    if (!isNew) return *same;
    free_.pop_back();
    routes_[index] = {.tag = {}, .handle = routes_[index].handle};
    markChanged(index);
    return index;
}

void ItemTable::removeItems(std::span<const TagId> tags) {
    for (const TagId tag : tags) {
        const auto found = indexOfTag_.find(tag);
        if (found == indexOfTag_.end()) continue;
        const std::uint32_t index = found->second;
        indexOfTag_.erase(found);
        Item& item = items_[index];
        std::erase_if(item.tags, [tag](const Tag& each) { return each.id == tag; });
        if (item.tags.empty()) {
            byRequest_.erase(index);
            // The next item here is told apart from this one, whose values may still be on their way.
            routes_[index] = {.tag = {}, .handle = routes_[index].handle + kIndexMask + 1};
            if (const auto held = held_.find(index); held != held_.end()) {
                heldValues_ -= held->second.held();
                held_.erase(held);
            }
            free_.push_back(index);
            markChanged(index);
        } else {
            updateRoute(index);
        }
    }
}

void ItemTable::markChanged(std::uint32_t index) {
    if (std::exchange(items_[index].changed, true)) return;
    changes_.push_back(index);
}

std::vector<std::uint32_t> ItemTable::takeChanges() {
    for (const std::uint32_t index : changes_) items_[index].changed = false;
    return std::exchange(changes_, {});
}

void ItemTable::updateRoute(std::uint32_t index) {
    const Item& item = items_[index];
    routes_[index].tag = item.tags.front().id;
    routes_[index].shared = item.tags.size() > 1;
    routes_[index].wanted = true;
}

void ItemTable::takeNotifications(NotificationReader& notifications, ValueDecoder& decoder) {
    const Timestamp received = wallClockNow();
    if (updates_.empty()) updates_.reserve(notifications.atMost());
    std::uint64_t taken = 0;
    std::uint64_t overflows = 0;
    std::uint64_t stray = 0;
    while (notifications.next()) {
        const std::uint32_t handle = notifications.handle();
        const std::uint32_t index = handle & kIndexMask;
        if (index >= routes_.size() || routes_[index].handle != handle || !routes_[index].wanted) {
            ++stray;
            continue;
        }
        ++taken;
        if (notifications.isPlain()) {
            decoder.passedBy(handle);
            take(index, notifications.value(received), overflows);
        } else {
            take(index, decoder.decode(notifications.encoded(), handle, received), overflows);
        }
    }
    counters_.values.add(taken);
    if (overflows > 0) counters_.overflows.add(overflows);
    if (stray > 0) counters_.strayValues.add(stray);
}

void ItemTable::take(std::uint32_t index, DataValue&& value, std::uint64_t& overflows) {
    Route& route = routes_[index];
    if (value.status.hasOverflow()) ++overflows;
    if (route.gap) {
        route.gap = false;
        value.status = value.status.withOverflow();
    }
    const BuiltInType type = value.value.type();
    if (type != BuiltInType::Null &&
        (type != route.type || route.array != value.value.isArray() || route.infoDue)) {
        learn(index, value.value);
    }
    if (route.held) {
        hold(index, std::move(value));
    } else {
        deliver(index, std::move(value));
    }
}

void ItemTable::deliver(std::uint32_t index, DataValue&& value, bool backfill) {
    Route& route = routes_[index];
    // What a server sends late, or again, does not undo what is known.
    route.last = std::max(route.last, value.sourceTime);
    if (route.shared) {
        const auto& tags = items_[index].tags;
        for (std::size_t i = 1; i < tags.size(); ++i) updates_.push_back({tags[i].id, value, backfill});
    }
    updates_.emplace_back(route.tag, std::move(value), backfill);
}

void ItemTable::hold(std::uint32_t index, DataValue value) {
    GapMerger& merger = held_.at(index);
    heldValues_ -= merger.held();
    merger.hold(std::move(value));
    heldValues_ += merger.held();
    if (heldValues_ > kMaxHeld) release(index, {}, false);
}

void ItemTable::setHistorized(TagId tag, bool historized) {
    if (const auto index = indexOf(tag)) routes_[*index].historized = historized;
}

void ItemTable::holdHistorized() {
    for (std::size_t index = 0; index < routes_.size(); ++index) interrupt(index);
}

void ItemTable::interrupt(std::size_t index) {
    Route& route = routes_[index];
    if (!fillGaps_ || !wanted(index) || !route.historized || route.last == Timestamp::min()) return;
    route.held = true;
    interrupted_ = true;
    held_.try_emplace(static_cast<std::uint32_t>(index), route.last);
}

void ItemTable::markGap(std::size_t index) {
    interrupt(index);
    // A history that does not reach to the gap's end leaves the mark to release().
    if (!routes_[index].held) routes_[index].gap = true;
}

std::vector<ItemTable::HeldItem> ItemTable::heldItems() const {
    std::vector<HeldItem> items;
    items.reserve(held_.size());
    for (const auto& [index, merger] : held_) items.push_back({index, routes_[index].last});
    return items;
}

void ItemTable::release(std::uint32_t index, std::vector<DataValue> history, bool complete) {
    auto held = held_.extract(index);
    if (held.empty()) return;
    heldValues_ -= held.mapped().held();
    routes_[index].held = false;
    auto merged = held.mapped().finish(std::move(history), complete);
    for (std::size_t i = 0; i < merged.values.size(); ++i)
        deliver(index, std::move(merged.values[i]), merged.backfill[i]);
    routes_[index].gap = merged.markNext;
    counters_.historyValues.add(merged.recovered);
    (complete && merged.lost == 0 ? counters_.historyFilled : counters_.historyIncomplete).add();
}

void ItemTable::releaseAll() {
    while (!held_.empty()) release(held_.begin()->first, {}, false);
}

void ItemTable::redeliver(ValueDecoder& decoder) {
    for (const auto& [handle, value] : decoder.retry()) {
        const std::uint32_t index = handle & kIndexMask;
        if (index >= routes_.size() || routes_[index].handle != handle) continue;
        if (routes_[index].held) {
            hold(index, value);
            continue;
        }
        for (const Tag& tag : items_[index].tags) updates_.push_back({tag.id, value});
    }
    flush();
}

void ItemTable::takeFailure(std::size_t index, StatusCode reason) {
    const Timestamp now = wallClockNow();
    if (routes_[index].held) {
        hold(static_cast<std::uint32_t>(index), {Value{}, reason, now, now});
        return;
    }
    for (const Tag& tag : items_[index].tags) updates_.push_back({tag.id, {Value{}, reason, now, now}});
}

void ItemTable::takeGranted(std::size_t index, double samplingInterval, std::uint32_t queueSize) {
    constexpr double kLongest = 86'400'000;
    Item& item = items_[index];
    item.grantedQueue = queueSize;
    // Not a number, negative or beyond a day: the server's answer means nothing.
    if (!(samplingInterval >= 0 && samplingInterval <= kLongest)) return;
    item.grantedSampling = std::chrono::milliseconds(std::llround(samplingInterval));
    // Told together with the type, which comes with the first value.
    if (*item.grantedSampling != item.settings.samplingInterval) routes_[index].infoDue = true;
}

void ItemTable::changeInfo(TagId tag, SharedTagInfo info) {
    const auto found = indexOfTag_.find(tag);
    if (found == indexOfTag_.end()) return;
    for (Tag& each : items_[found->second].tags) {
        if (each.id == tag) each.info = info;
    }
    learned_.push_back(std::move(info));
}

SharedTagInfo ItemTable::info(TagId tag) const {
    const auto found = indexOfTag_.find(tag);
    if (found == indexOfTag_.end()) return nullptr;
    const auto& tags = items_[found->second].tags;
    return std::ranges::find(tags, tag, &Tag::id)->info;
}

std::optional<std::uint32_t> ItemTable::indexOf(TagId tag) const {
    const auto found = indexOfTag_.find(tag);
    return found == indexOfTag_.end() ? std::nullopt : std::optional(found->second);
}

void ItemTable::takeValues(std::vector<TagUpdate> updates) {
    std::erase_if(updates, [this](const TagUpdate& update) { return !indexOfTag_.contains(update.tag); });
    std::ranges::move(updates, std::back_inserter(updates_));
}

void ItemTable::takeRead(TagId tag, const UA_DataValue& value, ValueDecoder& decoder) {
    const auto index = indexOf(tag);
    if (!index) return;
    DataValue converted = decoder.decode(value, routes_[*index].handle, wallClockNow());
    if (converted.value.type() != BuiltInType::Null) learn(*index, converted.value);
    if (routes_[*index].held) {
        hold(*index, std::move(converted));
        return;
    }
    // With others in the item: they have not got it.
    Route& route = routes_[*index];
    if (!route.shared) route.last = std::max(route.last, converted.sourceTime);
    updates_.push_back({tag, std::move(converted)});
}

void ItemTable::flush() {
    if (!learned_.empty()) sink_.declare(std::exchange(learned_, {}));
    if (!updates_.empty()) sink_.post(std::exchange(updates_, {}));
}

void ItemTable::learn(std::uint32_t index, const Value& value) {
    Route& route = routes_[index];
    route.type = value.type();
    route.array = value.isArray();
    route.infoDue = false;
    std::vector<std::uint32_t> dimensions;
    if (const auto* array = value.getIf<Array>()) {
        dimensions.assign(std::max<std::size_t>(1, array->dimensions.size()), 0);
    }
    const auto& granted = items_[index].grantedSampling;
    for (Tag& tag : items_[index].tags) {
        const bool sampled = !granted || tag.info->samplingInterval == granted;
        if (tag.info->type == route.type && tag.info->dimensions == dimensions && sampled) continue;
        TagInfo info = *tag.info;
        info.type = route.type;
        info.dimensions = dimensions;
        if (granted) info.samplingInterval = granted;
        tag.info = std::make_shared<const TagInfo>(std::move(info));
        learned_.push_back(tag.info);
    }
}

}  // namespace tagwire::source::opcua
