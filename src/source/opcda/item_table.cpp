#include "source/opcda/item_table.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire::source::opcda {

ItemTable::ItemTable(const OpcDaOptions& options, SourceId source, UpdateSink& sink)
    : options_(options), writable_(options.writable), source_(source), sink_(sink) {}

void ItemTable::declareConfigured() {
    std::vector<AgentItem> items;
    for (const auto& id : options_.items) {
        if (isItemPattern(id)) continue;
        AgentItem item;
        item.id = id;
        items.push_back(std::move(item));
    }
    std::vector<SharedTagInfo> declared;
    for (const auto& item : items) {
        auto info = describe(item);
        if (!info) {
            refuse(info.error().message);
            continue;
        }
        info->id = sink_.allocateTag();
        const auto shared = std::make_shared<const TagInfo>(std::move(*info));
        if (tagsById_.emplace(item.id, shared).second) declared.push_back(shared);
    }
    if (!declared.empty()) sink_.declare(std::move(declared));
}

void ItemTable::forgetHandles() {
    handles_.clear();
    handlesByPath_.clear();
    refused_ = 0;
    firstRefusal_.clear();
}

void ItemTable::refuse(std::string why) {
    if (refused_++ == 0) firstRefusal_ = std::move(why);
}

Result<TagInfo> ItemTable::describe(const AgentItem& item) const {
    auto path = TagPath::parse(options_.prefix.empty() ? item.id : options_.prefix + '.' + item.id);
    if (!path)
        return fail(fmt::format("item \"{:.100}\" makes no tag path: {}", item.id, path.error().message));
    TagInfo info{.id = {}, .path = std::move(*path), .source = source_};
    info.type = item.shape.type;
    if (item.shape.array) info.dimensions = {0};
    if (!item.unit.empty())
        info.units = EngineeringUnits{.symbol = item.unit, .description = {}, .unitId = -1};
    if (item.low && item.high && *item.low < *item.high)
        info.range = EURange{.low = *item.low, .high = *item.high};
    info.access = writable_.matches(info.path.text()) ? item.access : Access::Read;
    if (!item.description.empty()) info.description.emplace("", item.description);
    info.samplingInterval = options_.rate;
    return info;
}

Result<void> ItemTable::take(const std::vector<AgentItem>& items) {
    std::vector<SharedTagInfo> declared;
    std::vector<TagUpdate> bad;
    for (const auto& item : items) {
        auto info = describe(item);
        if (!info) {
            refuse(info.error().message);
            handles_.insert_or_assign(item.handle,
                                      Known{.tag = std::nullopt, .shape = item.shape, .variantType = 0});
            continue;
        }
        const auto known = tagsById_.find(item.id);
        if (known == tagsById_.end() && tagsById_.size() >= kMaxItems)
            return fail(fmt::format("more than {} items", kMaxItems));
        info->id = known == tagsById_.end() ? sink_.allocateTag() : known->second->id;
        // What a refused item is was told earlier, if ever.
        const bool told = item.error.empty() || known == tagsById_.end();
        const auto tag = info->id;
        const auto path = info->path.text();
        if (told && (known == tagsById_.end() || *known->second != *info)) {
            auto shared = std::make_shared<const TagInfo>(std::move(*info));
            declared.push_back(shared);
            tagsById_.insert_or_assign(item.id, std::move(shared));
        }
        handles_.insert_or_assign(item.handle,
                                  Known{.tag = tag, .shape = item.shape, .variantType = item.variantType});
        if (item.error.empty()) {
            handlesByPath_.insert_or_assign(path, item.handle);
            continue;
        }
        refuse(fmt::format("item \"{:.100}\": {}", item.id, item.error));
        const auto now = wallClockNow();
        bad.push_back({.tag = tag,
                       .value = {.value = {}, .status = item.status, .sourceTime = now, .serverTime = now}});
    }
    if (!declared.empty()) sink_.declare(std::move(declared));
    if (!bad.empty()) sink_.post(std::move(bad));
    return {};
}

Result<ItemTable::Written> ItemTable::writing(const TagInfo& tag) const {
    const auto handle = handlesByPath_.find(tag.path.text());
    if (handle == handlesByPath_.end()) return fail("the OPC DA server has no such item now");
    const auto& known = handles_.at(handle->second);
    if (known.variantType == 0) {
        return fail(
            "the OPC DA server, or an older agent, does not tell the item's type, so that it cannot be "
            "written "
            "exactly");
    }
    return Written{.handle = handle->second, .variantType = known.variantType, .shape = known.shape};
}

Result<std::vector<TagUpdate>> ItemTable::updates(std::vector<AgentRow> rows, bool past,
                                                  Timestamp received) const {
    std::vector<TagUpdate> updates;
    updates.reserve(rows.size());
    for (auto& row : rows) {
        const auto known = handles_.find(row.handle);
        if (known == handles_.end())
            return fail(fmt::format("data for the handle {} without its item", row.handle));
        if (!known->second.tag) continue;  // which was told when the item came
        auto value = readValue(row.value, known->second.shape);
        const auto status = value ? row.status : kBadDecodingError;
        updates.push_back({.tag = *known->second.tag,
                           .value = {.value = std::move(value).value_or(Value{}),
                                     .status = status,
                                     .sourceTime = row.time.value_or(received),
                                     .serverTime = received},
                           .backfill = past});
    }
    return updates;
}

}  // namespace tagwire::source::opcda
