#include "source/opcua/services/address_walk.h"

#include <algorithm>
#include <memory>
#include <ranges>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/node_key.h"
#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

/// Nodes that are browsed at a time.
constexpr std::size_t kRound = 500;

/// Properties and methods have nothing below them that would be of interest (OPC 10000-3, 4.5.2).
bool canHaveChildren(const UA_ReferenceDescription& reference) noexcept {
    if (reference.nodeClass == UA_NODECLASS_METHOD) return false;
    const UA_ExpandedNodeId& type = reference.typeDefinition;
    return type.nodeId.namespaceIndex != 0 || type.namespaceUri.length > 0 ||
           type.nodeId.identifierType != UA_NODEIDTYPE_NUMERIC ||
           type.nodeId.identifier.numeric != UA_NS0ID_PROPERTYTYPE;
}

struct Node {
    /// In the set of those met, where it stays.
    const std::string* key;
    std::size_t parent;
    std::size_t depth;
    QualifiedName name;
};

class Path final : public WalkPath {
public:
    Path(const std::vector<Node>& nodes, std::size_t parent, const UA_ReferenceDescription& last) noexcept
        : nodes_(nodes), parent_(parent), last_(last) {}

    [[nodiscard]] std::size_t depth() const noexcept override { return nodes_[parent_].depth + 1; }

    void forEach(const std::function<void(const QualifiedName&)>& take) const override {
        std::vector<const QualifiedName*> names;
        for (std::size_t at = parent_; nodes_[at].depth > 0; at = nodes_[at].parent)
            names.push_back(&nodes_[at].name);
        for (const QualifiedName* name : std::views::reverse(names)) take(*name);
        take(nameOf(last_.browseName));
    }

private:
    const std::vector<Node>& nodes_;
    std::size_t parent_;
    const UA_ReferenceDescription& last_;
};

class Walk final : public Cancellable, public std::enable_shared_from_this<Walk> {
public:
    Walk(const ServerView& server, Ua<UA_NodeId> start, const WalkBounds& bounds, WalkCallbacks callbacks)
        : server_(server),
          bounds_(bounds),
          callbacks_(std::move(callbacks)),
          deadline_(SteadyClock::now() + bounds.maxTime) {
        nodes_.push_back({&*met_.insert(keyOf(start.get())).first, 0, 0, {}});
    }

    void round() {
        if (next_ == nodes_.size()) {
            finish(WalkStop::Complete);
            return;
        }
        const std::size_t first = next_;
        const std::size_t count = std::min(kRound, nodes_.size() - first);
        next_ += count;
        std::vector<Ua<UA_NodeId>> ids;
        ids.reserve(count);
        for (std::size_t i = first; i < next_; ++i) ids.push_back(nodeOfKey(*nodes_[i].key));
        ReferenceQuery query;
        query.nodeClassMask = bounds_.nodeClassMask;
        const auto self = shared_from_this();
        listing_ = listReferences(
            server_, std::move(ids), query,
            {[self, first](std::size_t node, std::span<UA_ReferenceDescription> references) {
                 return self->take(first + node, references);
             },
             [self, first](std::span<const ListingEnd> ends) { self->onListed(first, ends); }});
    }

    void cancel() override {
        ended_ = true;
        listing_.cancel();
    }

private:
    bool take(std::size_t parent, std::span<const UA_ReferenceDescription> references) {
        for (const UA_ReferenceDescription& reference : references) {
            const bool remote = isRemote(reference.nodeId, server_.namespaces);
            const auto [key, isNew] = met_.insert(keyOfTarget(reference, remote));
            if (!isNew) continue;
            ++end_.nodes;
            const Visit visit = callbacks_.visit(reference, Path(nodes_, parent, reference), remote);
            if (ended_) return false;
            if (visit == Visit::Stop) return finish(WalkStop::Visitor);
            if (end_.nodes >= bounds_.maxNodes) return finish(WalkStop::NodeLimit);
            if (visit == Visit::Skip || remote || !canHaveChildren(reference)) continue;
            const std::size_t depth = nodes_[parent].depth + 1;
            if (depth >= bounds_.maxDepth) {
                end_.depthReached = true;
                continue;
            }
            nodes_.push_back({&*key, parent, depth, nameOf(reference.browseName)});
        }
        if (callbacks_.onProgress) callbacks_.onProgress();
        if (ended_) return false;
        if (SteadyClock::now() >= deadline_) return finish(WalkStop::TimeLimit);
        return true;
    }

    [[nodiscard]] std::string keyOfTarget(const UA_ReferenceDescription& reference, bool remote) const {
        // Ids of another server are no ids of this one.
        if (remote) return "svr=" + textOf(reference.nodeId, server_.namespaces);
        if (reference.nodeId.namespaceUri.length == 0) return keyOf(reference.nodeId.nodeId);
        return keyOf(localId(reference.nodeId, server_.namespaces).get());
    }

    void onListed(std::size_t first, std::span<const ListingEnd> ends) {
        for (const ListingEnd& end : ends) {
            if (end.cutOff != nullptr && end_.cutOff == nullptr) end_.cutOff = end.cutOff;
            if (!end.status.isBad()) continue;
            if (end_.failedNodes++ == 0) end_.firstFailure = end.status;
        }
        // The first node, or all of a round at once: there is no use in going on.
        const bool fault =
            std::ranges::all_of(ends, [](const ListingEnd& end) { return end.status.isBad(); });
        if (fault && (first == 0 || !server_.client.active())) {
            end_.status = ends.front().status;
            finish(WalkStop::Failed);
        } else if (SteadyClock::now() >= deadline_ && next_ < nodes_.size()) {
            finish(WalkStop::TimeLimit);
        } else {
            round();
        }
    }

    /// False, for callers that have to say so.
    bool finish(WalkStop stop) {
        ended_ = true;
        end_.stop = stop;
        callbacks_.onDone(end_);
        return false;
    }

    ServerView server_;
    WalkBounds bounds_;
    WalkCallbacks callbacks_;
    SteadyTime deadline_;
    std::unordered_set<std::string> met_;
    std::vector<Node> nodes_;
    std::size_t next_ = 0;
    Operation listing_;
    WalkEnd end_;
    bool ended_ = false;
};

}  // namespace

std::string WalkEnd::words() const {
    std::string text;
    switch (stop) {
        case WalkStop::Complete: break;
        case WalkStop::NodeLimit: text = fmt::format("stopped after {} nodes", nodes); break;
        case WalkStop::TimeLimit: text = fmt::format("stopped in time, after {} nodes", nodes); break;
        case WalkStop::Visitor: text = fmt::format("stopped after {} nodes, with enough found", nodes); break;
        case WalkStop::Failed:
            text = fmt::format("the server does not answer: {}", statusText(status));
            break;
    }
    const auto add = [&text](std::string_view more) {
        if (!text.empty()) text += "; ";
        text += more;
    };
    if (failedNodes > 0 && stop != WalkStop::Failed)
        add(fmt::format("{} nodes could not be browsed ({})", failedNodes, statusText(firstFailure)));
    if (cutOff != nullptr) add(cutOff);
    if (depthReached) add("what lies deeper was left out");
    return text;
}

Operation walkAddressSpace(const ServerView& server, Ua<UA_NodeId> start, const WalkBounds& bounds,
                           WalkCallbacks callbacks) {
    const auto walk = std::make_shared<Walk>(server, std::move(start), bounds, std::move(callbacks));
    walk->round();
    return Operation(walk);
}

}  // namespace tagwire::source::opcua
