#include "source/opcua/session/subtree_part.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "source/opcua/session/generation.h"

namespace tagwire::source::opcua {
namespace {

/// As TagOptions, for what both have.
TagOptions tagOptionsOf(const SubtreeOptions& options) {
    TagOptions tag;
    tag.deadbandAbsolute = options.deadbandAbsolute;
    tag.deadbandPercent = options.deadbandPercent;
    tag.trigger = options.trigger;
    return tag;
}

}  // namespace

SubtreePart::SubtreePart(const OpcUaOptions& options, SourceId source, UpdateSink& sink, ItemTable& table)
    : options_(options), source_(source), sink_(sink), table_(table) {
    for (const SubtreeOptions& subtree : options.subtrees) {
        auto rules = SubtreeRules::of(subtree, options.prefix);
        if (!rules) {
            log::error("opcua", "{}: subtree `{}` is left out: {}", options.name, subtree.node,
                       rules.error().message);
            continue;
        }
        Follow& follow = *follows_.emplace_back(std::make_unique<Follow>(Follow{subtree, nullptr, {}}));
        follow.follower = std::make_unique<SubtreeFollower>(
            std::move(*rules), subtree.rescan,
            [this, &follow](const SubtreeDiff& diff, const SubtreeListing& listing) {
                onScan(follow, diff, listing);
            });
    }
}

void SubtreePart::onOpened(Generation& generation) {
    for (const auto& follow : follows_)
        follow->follower->connect(viewOf(generation.client(), generation.info()));
}

void SubtreePart::onTurn(Generation& /*generation*/, SteadyTime now) {
    for (const auto& follow : follows_) follow->follower->tick(now);
}

void SubtreePart::onClosed() {
    for (const auto& follow : follows_) follow->follower->disconnect();
}

void SubtreePart::onModelChanges(std::span<const ModelChange> changes) {
    const SteadyTime now = SteadyClock::now();
    for (const auto& follow : follows_) follow->follower->modelChanged(changes, now);
}

void SubtreePart::onScan(Follow& follow, const SubtreeDiff& diff, const SubtreeListing& listing) {
    std::string words = listing.words;
    if (diff.empty()) {
        say(follow, std::move(words));
        return;
    }
    log::info("opcua", "{}: subtree `{}`: {} tags came, {} went, {} moved", options_.name,
              follow.options.node, diff.added.size(), diff.removed.size(), diff.moved.size());
    remove(diff.removed, StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
    remove(diff.moved, StatusCode{});
    std::vector<NewItem> items;
    for (const auto* list : {&diff.added, &diff.moved}) {
        for (const SubtreeVariable& variable : *list) items.push_back(itemOf(follow.options, variable));
    }
    const std::size_t wanted = items.size();
    const std::size_t taken = table_.addItems(std::move(items));
    if (taken < wanted) {
        if (!words.empty()) words += "; ";
        words += fmt::format(
            "{} of its variables are left out: a source has {} items at most; use include, exclude or "
            "several sources",
            wanted - taken, ItemTable::kMaxItems);
    }
    say(follow, std::move(words));
}

void SubtreePart::say(Follow& follow, std::string words) {
    if (words == follow.words) return;
    follow.words = std::move(words);
    if (!follow.words.empty())
        log::warning("opcua", "{}: subtree `{}`: {}", options_.name, follow.options.node, follow.words);
}

std::string SubtreePart::notice() const {
    std::string all;
    for (const auto& follow : follows_) {
        if (follow->words.empty()) continue;
        if (!all.empty()) all += "; ";
        all += fmt::format("subtree `{}`: {}", follow->options.node, follow->words);
    }
    return all;
}

NewItem SubtreePart::itemOf(const SubtreeOptions& options, const SubtreeVariable& variable) {
    SharedTagInfo& info = tags_[variable.path];
    if (!info) {
        info = std::make_shared<const TagInfo>(
            TagInfo{.id = sink_.allocateTag(),
                    .path = TagPath::parse(variable.path).value(),  // settlePaths() left only those
                    .source = source_,
                    .samplingInterval = options.samplingInterval.value_or(options_.samplingInterval),
                    .deadband = deadbandOf(options_, tagOptionsOf(options))});
    }
    return {.info = info,
            .address = variable.node,
            .settings = {.publishingInterval = options_.publishingInterval,
                         .samplingInterval = *info->samplingInterval,
                         .queueSize = options.queueSize.value_or(options_.queueSize),
                         .discardOldest = options.discardOldest.value_or(options_.discardOldest),
                         .deadband = info->deadband}};
}

void SubtreePart::remove(std::span<const SubtreeVariable> variables, StatusCode reason) {
    std::vector<TagId> gone;
    for (const SubtreeVariable& variable : variables) {
        const auto found = tags_.find(variable.path);
        if (found == tags_.end()) continue;
        const TagId tag = found->second->id;
        gone.push_back(tag);
        const auto index = table_.indexOf(tag);
        if (reason.isBad() && index) table_.takeFailure(*index, reason);
    }
    table_.flush();
    table_.removeItems(gone);
}

}  // namespace tagwire::source::opcua
