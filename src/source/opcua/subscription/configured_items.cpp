#include <map>
#include <memory>
#include <utility>

#include "base/log.h"
#include "source/opcua/subscription/item_table.h"

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

std::vector<NewItem> configuredItems(const OpcUaOptions& options, SourceId source, UpdateSink& sink) {
    std::vector<NewItem> items;
    items.reserve(options.tags.size());
    for (const TagOptions& tag : options.tags) {
        auto path = TagPath::parse(tagPathText(options, tag));
        auto node = NodeAddress::parse(tag.node);
        if (!path || !node) {
            log::error("opcua", "{}: tag `{}` is left out: {}", options.name, tag.name,
                       path ? node.error().message : path.error().message);
            continue;
        }
        auto info = std::make_shared<const TagInfo>(
            infoOf(options, tag, std::move(*path), sink.allocateTag(), source));
        items.push_back(
            {.info = info,
             .address = std::move(*node),
             .settings = {.publishingInterval = tag.publishingInterval.value_or(options.publishingInterval),
                          .samplingInterval = *info->samplingInterval,
                          .queueSize = tag.queueSize.value_or(options.queueSize),
                          .discardOldest = tag.discardOldest.value_or(options.discardOldest),
                          .deadband = info->deadband}});
    }
    return items;
}

}  // namespace tagwire::source::opcua
