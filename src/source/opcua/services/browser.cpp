#include "source/opcua/services/browser.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

/// One level on its way through its pages.
struct Level {
    LevelRequest request;
    Ua<UA_NodeId> node;
    /// The server's, for what it has not sent yet.
    std::string point;
    /// What the server sent beyond the page.
    std::vector<NodeSummary> surplus;
    std::vector<NodeSummary> page;
    /// The ids of `page` and of `surplus`, for the question for children; null for remote nodes.
    std::vector<Ua<UA_NodeId>> pageIds;
    std::vector<Ua<UA_NodeId>> surplusIds;
    RepeatGuard guard;
    std::size_t references = 0;
    int emptyPages = 0;
    std::string cutOff;
    SteadyTime used;
    Browser::Done done;
};

using LevelPtr = std::shared_ptr<Level>;

/// Moves the first of `from` over until `to` has `size`.
template <class T>
void fill(std::vector<T>& to, std::vector<T>& from, std::size_t size) {
    const auto count = std::min(size - std::min(size, to.size()), from.size());
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(from.begin(), end, std::back_inserter(to));
    from.erase(from.begin(), end);
}

BrowsePage pageOf(StatusCode status) { return {status, {}, std::nullopt, {}}; }

}  // namespace

struct Browser::State : std::enable_shared_from_this<Browser::State> {
    explicit State(const ServerView& view) : server(view) {}

    void browse(const LevelPtr& level, UA_UInt32 maxReferences) {
        UaArray<UA_BrowseDescription> items(1);
        ReferenceQuery query;
        query.direction = level->request.direction;
        query.referenceType = level->request.hierarchical ? UA_NS0ID_HIERARCHICALREFERENCES : 0;
        query.nodeClassMask = level->request.nodeClassMask;
        items[0] = query.describe();
        if (UA_NodeId_copy(&level->node.get(), &items[0].nodeId) != UA_STATUSCODE_GOOD)
            throw std::bad_alloc();
        callInBatches(
            server.client, kBrowse, 1, std::move(items),
            std::function([maxReferences](UA_BrowseRequest& request) {
                request.requestedMaxReferencesPerNode = maxReferences;
            }),
            std::function([self = shared_from_this(), level,
                           maxReferences](std::vector<Outcome<UA_BrowseResult>>& outcomes) {
                auto& [service, result] = outcomes.front();
                if (service.isBad()) {
                    self->deliver(level, service);
                } else if (result.statusCode == UA_STATUSCODE_BADNOCONTINUATIONPOINTS && maxReferences != 0) {
                    // Ours are the first to go; then all in one answer.
                    self->browse(level, self->giveUpOldest() ? maxReferences : 0);
                } else {
                    self->take(level, result);
                }
            }));
    }

    void take(const LevelPtr& level, UA_BrowseResult& result) {
        if (const StatusCode status{result.statusCode}; status.isBad()) {
            deliver(level, status);
            return;
        }
        level->point = std::string(view(result.continuationPoint));
        const std::span<UA_ReferenceDescription> references(result.references, result.referencesSize);
        level->emptyPages = references.empty() ? level->emptyPages + 1 : 0;
        if (!level->point.empty() &&
            (level->guard.repeats(references) || level->emptyPages >= ListingLimits::kMaxEmptyPages ||
             level->point.size() > ListingLimits::kMaxContinuationBytes)) {
            cut(*level, kEndlessContinuation);
        }
        const auto room = ListingLimits::kMaxReferences - level->references;
        const auto taken = references.first(std::min(references.size(), room));
        level->references += taken.size();
        if (taken.size() < references.size()) cut(*level, kTooManyReferences);
        for (const UA_ReferenceDescription& reference : taken) {
            level->surplus.push_back(summaryOf(reference, server.namespaces));
            level->surplusIds.push_back(localId(reference.nodeId, server.namespaces));
        }
        advance(level);
    }

    /// Fills the page with what is there, and asks for more where that is not enough.
    void advance(const LevelPtr& level) {
        fill(level->page, level->surplus, level->request.pageSize);
        fill(level->pageIds, level->surplusIds, level->request.pageSize);
        if (level->page.size() >= level->request.pageSize || level->point.empty()) {
            finish(level);
            return;
        }
        const std::string point = std::exchange(level->point, {});
        const StatusCode sent = browseNext(
            server.client, {&point, 1},
            [self = shared_from_this(), level](StatusCode service, std::span<UA_BrowseResult> results) {
                if (results.empty()) {
                    self->deliver(level,
                                  service.isBad() ? service : StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE});
                } else {
                    self->take(level, results.front());
                }
            });
        if (sent.isBad()) deliver(level, sent);
    }

    void finish(const LevelPtr& level) {
        if (!level->request.askForChildren || level->page.empty()) {
            deliver(level, StatusCode{});
            return;
        }
        std::vector<std::size_t> indexes;
        for (std::size_t i = 0; i < level->pageIds.size(); ++i) {
            if (!UA_NodeId_isNull(&level->pageIds[i].get())) indexes.push_back(i);
        }
        UaArray<UA_BrowseDescription> items(indexes.size());
        ReferenceQuery query;
        query.resultMask = UA_BROWSERESULTMASK_NONE;
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            items[i] = query.describe();
            std::swap(items[i].nodeId, level->pageIds[indexes[i]].get());
        }
        // One reference is enough to know. Where there are more, the server wants a continuation point for
        // the rest, or complains that it has none: that is an answer, too.
        callInBatches(
            server.client, kBrowse, server.limits.browse, std::move(items),
            std::function([](UA_BrowseRequest& request) { request.requestedMaxReferencesPerNode = 1; }),
            std::function([self = shared_from_this(), level,
                           indexes = std::move(indexes)](std::vector<Outcome<UA_BrowseResult>>& outcomes) {
                std::vector<std::string> points;
                for (std::size_t i = 0; i < outcomes.size(); ++i) {
                    const auto& [service, result] = outcomes[i];
                    const StatusCode status{result.statusCode};
                    if (result.continuationPoint.length > 0)
                        points.emplace_back(view(result.continuationPoint));
                    auto& hasChildren = level->page[indexes[i]].hasChildren;
                    if (status.code() == UA_STATUSCODE_BADNOCONTINUATIONPOINTS) {
                        hasChildren = true;
                    } else if (!service.isBad() && !status.isBad()) {
                        hasChildren = result.referencesSize > 0 || result.continuationPoint.length > 0;
                    }
                }
                releasePoints(self->server.client, points);
                self->deliver(level, StatusCode{});
            }));
    }

    void cut(Level& level, const char* why) {
        level.cutOff = why;
        if (!level.point.empty()) releasePoints(server.client, {&level.point, 1});
        level.point.clear();
    }

    void deliver(const LevelPtr& level, StatusCode status) {
        level->pageIds.clear();
        BrowsePage page{status, std::exchange(level->page, {}), std::nullopt, {}};
        Done done = std::exchange(level->done, {});
        const bool more = !level->surplus.empty() || !level->point.empty();
        if (gone) {
            if (!level->point.empty()) releasePoints(server.client, {&level->point, 1});
            return;
        }
        if (more && !status.isBad()) {
            while (levels.size() >= kMaxOpen) giveUpOldest();
            page.continuation = ++lastContinuation;
            level->used = SteadyClock::now();
            levels.emplace(lastContinuation, level);
        } else {
            page.cutOff = level->cutOff;
        }
        done(std::move(page));
    }

    /// False if there is none with a continuation point of the server.
    bool giveUpOldest() {
        const auto oldest = std::ranges::min_element(levels, {}, [](const auto& entry) {
            return std::pair(entry.second->point.empty(), entry.second->used);
        });
        if (oldest == levels.end()) return false;
        const bool freesPoint = !oldest->second->point.empty();
        if (!freesPoint && levels.size() < kMaxOpen) return false;
        drop(oldest);
        return freesPoint;
    }

    using Levels = std::map<std::uint64_t, LevelPtr>;

    Levels::iterator drop(Levels::iterator entry) {
        if (const std::string& point = entry->second->point; !point.empty())
            releasePoints(server.client, {&point, 1});
        return levels.erase(entry);
    }

    ServerView server;
    Levels levels;
    std::uint64_t lastContinuation = 0;
    bool gone = false;
};

Browser::Browser(const ServerView& server) : state_(std::make_shared<State>(server)) {}

Browser::~Browser() {
    state_->gone = true;
    while (!state_->levels.empty()) state_->drop(state_->levels.begin());
}

void Browser::browse(const LevelRequest& request, Done done) {
    auto node = resolve(request.node, state_->server.namespaces);
    if (!node) {
        done(pageOf(node.error()));
        return;
    }
    const auto level = std::make_shared<Level>();
    level->request = request;
    level->request.pageSize = std::clamp<std::size_t>(request.pageSize, 1, kMaxPage);
    level->node = std::move(*node);
    level->done = std::move(done);
    state_->browse(level, static_cast<UA_UInt32>(level->request.pageSize));
}

void Browser::next(std::uint64_t continuation, Done done) {
    const auto found = state_->levels.find(continuation);
    if (found == state_->levels.end()) {
        done(pageOf(StatusCode{UA_STATUSCODE_BADCONTINUATIONPOINTINVALID}));
        return;
    }
    const LevelPtr level = found->second;
    state_->levels.erase(found);
    level->done = std::move(done);
    state_->advance(level);
}

void Browser::release(std::uint64_t continuation) {
    const auto found = state_->levels.find(continuation);
    if (found != state_->levels.end()) state_->drop(found);
}

void Browser::tick(SteadyTime now) {
    for (auto entry = state_->levels.begin(); entry != state_->levels.end();)
        entry = now - entry->second->used > kMaxIdle ? state_->drop(entry) : std::next(entry);
}

std::size_t Browser::open() const noexcept { return state_->levels.size(); }

}  // namespace tagwire::source::opcua
