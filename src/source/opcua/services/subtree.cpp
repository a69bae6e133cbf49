#include "source/opcua/services/subtree.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/address_walk.h"
#include "source/opcua/services/browse_path.h"
#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

/// Nodes that are met for one tag, at the most: folders, properties, what patterns leave out.
constexpr std::size_t kNodesPerTag = 20;
constexpr std::size_t kMinNodes = 100'000;
constexpr std::size_t kMaxNodes = 2'000'000;

bool isProperty(const UA_ReferenceDescription& reference) noexcept {
    const UA_NodeId& type = reference.referenceTypeId;
    return type.namespaceIndex == 0 && type.identifierType == UA_NODEIDTYPE_NUMERIC &&
           type.identifier.numeric == UA_NS0ID_HASPROPERTY;
}

/// One walk below a node that was found.
class Expansion final : public Cancellable, public std::enable_shared_from_this<Expansion> {
public:
    Expansion(const ServerView& server, SubtreeRules rules, std::function<void(SubtreeListing)> done)
        : server_(server), rules_(std::move(rules)), done_(std::move(done)) {}

    void start(std::chrono::milliseconds maxTime) {
        locateNodes(server_, {&rules_.start, 1},
                    [self = shared_from_this(), maxTime](std::vector<LocatedNode> found) {
                        LocatedNode& start = found.front();
                        if (self->cancelled_) return;
                        if (start.status.isGood()) {
                            self->walk(std::move(start.id), maxTime);
                            return;
                        }
                        self->listing_.status = start.status;
                        self->listing_.complete = false;
                        self->listing_.words = std::move(start.reason);
                        self->done_(std::move(self->listing_));
                    });
    }

    void cancel() override {
        cancelled_ = true;
        walk_.cancel();
    }

private:
    void walk(Ua<UA_NodeId> start, std::chrono::milliseconds maxTime) {
        WalkBounds bounds;
        bounds.maxNodes = std::clamp(rules_.maxTags * kNodesPerTag, kMinNodes, kMaxNodes);
        bounds.maxDepth = rules_.maxDepth;
        bounds.maxTime = maxTime;
        bounds.nodeClassMask = UA_NODECLASS_OBJECT | UA_NODECLASS_VARIABLE;
        const auto self = shared_from_this();
        walk_ = walkAddressSpace(server_, std::move(start), bounds,
                                 {[self](const UA_ReferenceDescription& reference, const WalkPath& path,
                                         bool remote) { return self->visit(reference, path, remote); },
                                  {},
                                  [self](const WalkEnd& end) { self->finish(end); }});
    }

    Visit visit(const UA_ReferenceDescription& reference, const WalkPath& path, bool remote) {
        const bool property = isProperty(reference);
        if (remote || (property && !rules_.properties)) return Visit::Skip;
        std::string below;
        path.forEach([&](const QualifiedName& name) {
            if (!below.empty()) below.push_back('.');
            below += levelOf(name.name);
        });
        if (rules_.excludes(below)) return Visit::Skip;
        if (reference.nodeClass == UA_NODECLASS_VARIABLE && rules_.takes(below)) {
            if (listing_.variables.size() == rules_.maxTags) {
                full_ = true;
                return Visit::Stop;
            }
            listing_.variables.push_back(
                {rules_.prefix + below,
                 addressOf(localId(reference.nodeId, server_.namespaces).get(), server_.namespaces)});
        }
        return Visit::Descend;
    }

    void finish(const WalkEnd& end) {
        if (end.stop == WalkStop::Failed) listing_.status = end.status;
        listing_.complete = end.complete();
        listing_.words = full_
                             ? fmt::format(
                                   "the subtree has more than max_tags = {} variables, so the rest was left "
                                   "out; raise max_tags or narrow it down by include and exclude",
                                   rules_.maxTags)
                             : end.words();
        if (const auto left = settlePaths(listing_.variables); left > 0) {
            listing_.words += fmt::format(
                "{}{} variables were left out, because their tag paths would be longer than "
                "{} bytes",
                listing_.words.empty() ? "" : "; ", left, TagPath::kMaxBytes);
        }
        done_(std::move(listing_));
    }

    ServerView server_;
    SubtreeRules rules_;
    std::function<void(SubtreeListing)> done_;
    SubtreeListing listing_;
    Operation walk_;
    bool full_ = false;
    bool cancelled_ = false;
};

}  // namespace

Operation expandSubtree(const ServerView& server, const SubtreeRules& rules,
                        std::chrono::milliseconds maxTime, std::function<void(SubtreeListing)> done) {
    const auto expansion = std::make_shared<Expansion>(server, rules, std::move(done));
    expansion->start(maxTime);
    return Operation(expansion);
}

SubtreeFollower::SubtreeFollower(SubtreeRules rules, std::chrono::milliseconds rescan, OnScan onScan)
    : rules_(std::move(rules)), rescan_(rescan), onScan_(std::move(onScan)) {}

SubtreeFollower::~SubtreeFollower() { operation_.cancel(); }

void SubtreeFollower::connect(const ServerView& server) {
    disconnect();
    server_.emplace(server);
    scan();
}

void SubtreeFollower::disconnect() {
    operation_.cancel();
    scanning_ = false;
    again_ = false;
    due_.reset();
    server_.reset();
}

void SubtreeFollower::tick(SteadyTime now) {
    if (server_ && !scanning_ && due_ && now >= *due_) scan();
}

void SubtreeFollower::modelChanged(std::span<const ModelChange> changes, SteadyTime now) {
    // Of a data type nothing is kept here.
    const bool concerns = changes.empty() || std::ranges::any_of(changes, [](const ModelChange& change) {
                              return (change.verb & ~ModelChange::kDataTypeChanged) != 0;
                          });
    if (!server_ || !concerns) return;
    if (scanning_) {
        again_ = true;
        return;
    }
    // A server that tells of changes all the time is not asked all the time.
    const SteadyTime soon = std::max(now + kSettle, begun_ + 5 * kSettle);
    due_ = due_ ? std::min(*due_, soon) : soon;
}

void SubtreeFollower::scan() {
    scanning_ = true;
    due_.reset();
    begun_ = SteadyClock::now();
    // Where nothing can be sent, the answer comes from within: it must find the state of a scan under way.
    operation_ = expandSubtree(*server_, rules_, kMaxScan,
                               [this](SubtreeListing listing) { onListing(std::move(listing)); });
}

void SubtreeFollower::onListing(SubtreeListing listing) {
    scanning_ = false;
    const SteadyTime now = SteadyClock::now();
    if (rescan_.count() > 0) due_ = now + rescan_;
    if (std::exchange(again_, false)) due_ = now + 5 * kSettle;
    if (listing.status.isBad()) {
        onScan_({}, listing);
        return;
    }
    const SubtreeDiff diff = differenceOf(variables_, listing.variables, listing.complete);
    if (listing.complete) {
        variables_ = listing.variables;
    } else {
        // What was not reached this time stays.
        std::vector<SubtreeVariable> all = listing.variables;
        for (const SubtreeVariable& old : variables_) {
            if (!std::ranges::binary_search(listing.variables, old.path, {}, &SubtreeVariable::path))
                all.push_back(old);
        }
        std::ranges::sort(all, {}, &SubtreeVariable::path);
        variables_ = std::move(all);
    }
    onScan_(diff, listing);
}

}  // namespace tagwire::source::opcua
