#include "source/opcua/session/metadata_part.h"

#include <memory>
#include <utility>

#include "source/opcua/services/browse_path.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/session/path_resolver.h"

namespace tagwire::source::opcua {
namespace {

ServerView viewOf(Generation& generation) { return viewOf(generation.client(), generation.info()); }

}  // namespace

MetadataPart::MetadataPart(const OpcUaOptions& options) : writable_(options.writable) {
    for (const TagOptions& tag : options.tags)
        if (!tag.limits.fromServer) ownLimits_.insert(tagPathText(options, tag));
}

void MetadataPart::onLive(Generation& generation, std::optional<Timestamp> /*lostSince*/) {
    live_ = true;
    ask(generation);
}

void MetadataPart::onTurn(Generation& generation, SteadyTime now) {
    if (!live_ || busy_ || (due_ && now < *due_)) return;
    due_ = now + kInterval;
    // One may have gone while another came: then only a look at each tells.
    constexpr unsigned kLookEvery = 30;
    if (asked_.size() != generation.table().tagCount() || ++turns_ % kLookEvery == 0) ask(generation);
}

void MetadataPart::onClosed() {
    reading_.cancel();
    asked_.clear();
    live_ = false;
    busy_ = false;
}

void MetadataPart::ask(Generation& generation) {
    ItemTable& table = generation.table();
    std::vector<TagId> tags;
    std::vector<NodeLocator> locators;
    std::unordered_set<TagId> present;
    for (std::size_t i = 0; i < table.size(); ++i) {
        for (const ItemTable::Tag& tag : table[i].tags) {
            present.insert(tag.id);
            if (asked_.contains(tag.id)) continue;
            configured_.try_emplace(tag.id, tag.info);
            tags.push_back(tag.id);
            locators.push_back(locatorOf(table[i].address));
        }
    }
    asked_ = std::move(present);
    if (tags.empty()) return;
    busy_ = true;
    // The generation outlives its client's answers.
    locateNodes(viewOf(generation), locators,
                [this, &generation, tags = std::move(tags)](std::vector<LocatedNode> found) {
                    std::vector<TagId> known;
                    std::vector<Ua<UA_NodeId>> nodes;
                    for (std::size_t i = 0; i < found.size(); ++i) {
                        if (found[i].status.isBad()) continue;
                        known.push_back(tags[i]);
                        nodes.push_back(std::move(found[i].id));
                    }
                    read(generation, std::move(known), std::move(nodes));
                });
}

void MetadataPart::read(Generation& generation, std::vector<TagId> tags, std::vector<Ua<UA_NodeId>> nodes) {
    const auto shared = std::make_shared<const std::vector<TagId>>(std::move(tags));
    reading_ = readMetadata(
        viewOf(generation), std::move(nodes),
        {[this, &table = generation.table(), shared](std::size_t first, std::vector<NodeMetadata> some) {
             for (std::size_t i = 0; i < some.size(); ++i) {
                 const TagId tag = (*shared)[first + i];
                 // A connection that broke meanwhile does not tell.
                 if (some[i].accessLevel) table.setHistorized(tag, some[i].historyReadable());
                 const SharedTagInfo present = table.info(tag);
                 if (!present) continue;  // removed meanwhile
                 const TagInfo& configured = *configured_.at(tag);
                 auto info = mergedWith(configured, some[i]);
                 if (ownLimits_.contains(info.path.text())) info.limits = configured.limits;
                 // Where the server leaves it open (Number, BaseDataType) it is that of the values.
                 if (info.type == BuiltInType::Null) info.type = present->type;
                 if (!writable_.matches(info.path.text())) info.access = Access::Read;
                 if (info != *present)
                     table.changeInfo(tag, std::make_shared<const TagInfo>(std::move(info)));
             }
             table.flush();
         },
         [this](StatusCode) { busy_ = false; }});
}

}  // namespace tagwire::source::opcua
