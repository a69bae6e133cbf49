#include "source/opcua/services/browse_listing.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <utility>

#include "source/opcua/services/batched_call.h"

namespace tagwire::source::opcua {
namespace {

/// The answer would have been too large for the server or for us: fewer nodes and references will do.
bool isTooLarge(StatusCode status) noexcept {
    switch (status.code()) {
        case UA_STATUSCODE_BADRESPONSETOOLARGE:
        case UA_STATUSCODE_BADENCODINGLIMITSEXCEEDED:
        case UA_STATUSCODE_BADREQUESTTOOLARGE: return true;
        default: return false;
    }
}

StatusCode sendNext(UaClient& client, std::span<const std::string> points, bool release,
                    BrowseNextDone done) {
    Ua<UA_BrowseNextRequest> request;
    request->releaseContinuationPoints = release;
    request->continuationPoints =
        static_cast<UA_ByteString*>(UA_Array_new(points.size(), &UA_TYPES[UA_TYPES_BYTESTRING]));
    if (request->continuationPoints == nullptr) throw std::bad_alloc();
    request->continuationPointsSize = points.size();
    for (std::size_t i = 0; i < points.size(); ++i) request->continuationPoints[i] = copyOf(points[i]);
    return client.call<UA_BrowseNextResponse>(
        request, [done = std::move(done)](UA_BrowseNextResponse& response) {
            if (!done) return;
            const StatusCode service{response.responseHeader.serviceResult};
            done(service, {response.results, service.isBad() ? 0 : response.resultsSize});
        });
}

class Listing final : public Cancellable, public std::enable_shared_from_this<Listing> {
public:
    Listing(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes, const ReferenceQuery& query,
            ListingCallbacks callbacks)
        : client_(server.client),
          limit_(server.limits.browse),
          query_(query),
          callbacks_(std::move(callbacks)),
          nodes_(std::move(nodes)),
          ends_(nodes_.size()),
          progress_(nodes_.size()),
          pointsPerCall_(std::min<std::size_t>(limit_ == 0 ? ListingLimits::kMaxPointsPerCall : limit_,
                                               ListingLimits::kMaxPointsPerCall)) {}

    void start() {
        std::vector<std::size_t> all(nodes_.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        browse(std::move(all), ListingLimits::kPage);
    }

    void cancel() override {
        stopped_ = true;
        dropPoints();
    }

private:
    struct Point {
        std::size_t node;
        std::string bytes;
    };
    struct Progress {
        std::size_t references = 0;
        int emptyPages = 0;
        int attempts = 0;
        std::unique_ptr<RepeatGuard> guard;
    };

    void browse(std::vector<std::size_t> indexes, UA_UInt32 page) {
        UaArray<UA_BrowseDescription> items(indexes.size());
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            items[i] = query_.describe();
            if (UA_NodeId_copy(&nodes_[indexes[i]].get(), &items[i].nodeId) != UA_STATUSCODE_GOOD)
                throw std::bad_alloc();
        }
        callInBatches(client_, kBrowse, limit_, std::move(items),
                      std::function([page](UA_BrowseRequest& request) {
                          request.requestedMaxReferencesPerNode = page;
                      }),
                      std::function([self = shared_from_this(), indexes = std::move(indexes),
                                     page](std::vector<Outcome<UA_BrowseResult>>& outcomes) {
                          self->onBrowsed(indexes, page, outcomes);
                      }));
    }

    void onBrowsed(const std::vector<std::size_t>& indexes, UA_UInt32 page,
                   std::vector<Outcome<UA_BrowseResult>>& outcomes) {
        std::size_t points = 0;
        bool tooLarge = false;
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            auto& [service, result] = outcomes[i];
            const std::size_t node = indexes[i];
            if (isTooLarge(service)) {
                tooLarge = true;
                again(node, service);
            } else if (service.isBad()) {
                ends_[node].status = service;
                if (service.code() != UA_STATUSCODE_BADUNKNOWNRESPONSE) fault_ = service;
            } else if (result.statusCode == UA_STATUSCODE_BADNOCONTINUATIONPOINTS && page != 0) {
                again(node, StatusCode{result.statusCode});
            } else {
                take(node, result);
                points += result.continuationPoint.length > 0 ? 1 : 0;
            }
        }
        // As many at a time as the server has continuation points for; alone, and in one answer, at last.
        groupSize_ = std::max<std::size_t>(1, tooLarge ? indexes.size() / 4 : points);
        step();
    }

    void again(std::size_t node, StatusCode why) {
        constexpr int kMaxAttempts = 8;
        if (++progress_[node].attempts > kMaxAttempts) {
            ends_[node].status = why;
        } else {
            again_.push_back(node);
        }
    }

    void take(std::size_t node, UA_BrowseResult& result) {
        if (const StatusCode status{result.statusCode}; status.isBad()) {
            ends_[node].status = status;
            return;
        }
        std::optional<std::string> point;
        if (result.continuationPoint.length > 0) point = std::string(view(result.continuationPoint));
        Progress& progress = progress_[node];
        const std::span<UA_ReferenceDescription> references(result.references, result.referencesSize);
        const auto room = ListingLimits::kMaxReferences - progress.references;
        const char* cutOff = nullptr;
        if (references.size() > room || (references.size() == room && point)) cutOff = kTooManyReferences;
        progress.emptyPages = references.empty() ? progress.emptyPages + 1 : 0;
        if (point) {
            if (!progress.guard) progress.guard = std::make_unique<RepeatGuard>();
            if (progress.guard->repeats(references) || progress.emptyPages >= ListingLimits::kMaxEmptyPages ||
                point->size() > ListingLimits::kMaxContinuationBytes) {
                cutOff = kEndlessContinuation;
            }
        }
        const auto taken = references.first(std::min(references.size(), room));
        progress.references += taken.size();
        if (!stopped_ && !taken.empty() && !callbacks_.onReferences(node, taken)) stopped_ = true;
        ends_[node].cutOff = cutOff;
        if (!point) return;
        if (stopped_ || cutOff != nullptr) {
            unwanted_.push_back(std::move(*point));
        } else {
            points_.push_back({node, std::move(*point)});
        }
    }

    void step() {
        if (stopped_ || fault_.isBad()) dropPoints();
        if (!unwanted_.empty()) releasePoints(client_, std::exchange(unwanted_, {}));
        if (stopped_) return;
        if (fault_.isBad()) {
            for (const std::size_t node : std::exchange(again_, {})) ends_[node].status = fault_;
        }
        if (!points_.empty()) {
            next();
        } else if (!again_.empty()) {
            const auto count = std::min(groupSize_, again_.size());
            std::vector<std::size_t> group(again_.begin(),
                                           again_.begin() + static_cast<std::ptrdiff_t>(count));
            again_.erase(again_.begin(), again_.begin() + static_cast<std::ptrdiff_t>(count));
            // A node that did not even get a point alone: all in one answer, if the server can.
            const int attempts = progress_[group.front()].attempts;
            const bool alone = group.size() == 1 && attempts > 2;
            browse(std::move(group), alone ? 0 : ListingLimits::kPage);
        } else {
            callbacks_.onDone(ends_);
        }
    }

    void next() {
        const std::size_t count = std::min(pointsPerCall_, points_.size());
        std::vector<std::string> bytes;
        std::vector<std::size_t> nodes;
        for (std::size_t i = 0; i < count; ++i) {
            nodes.push_back(points_.front().node);
            bytes.push_back(std::move(points_.front().bytes));
            points_.pop_front();
        }
        const StatusCode sent = browseNext(client_, bytes,
                                           [self = shared_from_this(), nodes, bytes](
                                               StatusCode service, std::span<UA_BrowseResult> results) {
                                               self->onNext(nodes, bytes, service, results);
                                           });
        if (sent.isGood()) return;
        fault_ = sent;
        for (const std::size_t node : nodes) ends_[node].status = sent;
        step();
    }

    void onNext(const std::vector<std::size_t>& nodes, const std::vector<std::string>& bytes,
                StatusCode service, std::span<UA_BrowseResult> results) {
        if (service.code() == UA_STATUSCODE_BADTOOMANYOPERATIONS && nodes.size() > 1) {
            pointsPerCall_ = nodes.size() / 2;
            for (std::size_t i = 0; i < nodes.size(); ++i) points_.push_back({nodes[i], bytes[i]});
            step();
            return;
        }
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (i < results.size()) {
                take(nodes[i], results[i]);
            } else {
                ends_[nodes[i]].status =
                    service.isBad() ? service : StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE};
            }
        }
        if (service.isBad()) fault_ = service;
        step();
    }

    void dropPoints() {
        for (Point& point : points_) {
            if (ends_[point.node].status.isGood()) ends_[point.node].status = fault_;
            unwanted_.push_back(std::move(point.bytes));
        }
        points_.clear();
    }

    UaClient& client_;
    const std::size_t limit_;
    const ReferenceQuery query_;
    ListingCallbacks callbacks_;
    std::vector<Ua<UA_NodeId>> nodes_;
    std::vector<ListingEnd> ends_;
    std::vector<Progress> progress_;
    std::deque<Point> points_;
    std::deque<std::size_t> again_;
    std::vector<std::string> unwanted_;
    std::size_t pointsPerCall_;
    std::size_t groupSize_ = 1;
    bool stopped_ = false;
    /// Of the connection: no further question has a chance.
    StatusCode fault_;
};

}  // namespace

UA_BrowseDescription ReferenceQuery::describe() const noexcept {
    UA_BrowseDescription description{};
    description.browseDirection = direction;
    description.referenceTypeId.identifier.numeric = referenceType;
    description.includeSubtypes = true;
    description.nodeClassMask = nodeClassMask;
    description.resultMask = resultMask;
    return description;
}

Operation listReferences(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes,
                         const ReferenceQuery& query, ListingCallbacks callbacks) {
    const auto listing = std::make_shared<Listing>(server, std::move(nodes), query, std::move(callbacks));
    listing->start();
    return Operation(listing);
}

bool RepeatGuard::repeats(std::span<const UA_ReferenceDescription> references) {
    bool allSeen = !references.empty();
    for (const UA_ReferenceDescription& reference : references) {
        const std::uint64_t type = UA_NodeId_hash(&reference.referenceTypeId);
        const std::uint64_t key = type << 33U ^ (reference.isForward ? 1U : 0U) << 31U ^
                                  std::uint64_t{UA_ExpandedNodeId_hash(&reference.nodeId)};
        if (seen_.insert(key).second) allSeen = false;
    }
    return allSeen;
}

StatusCode browseNext(UaClient& client, std::span<const std::string> points, BrowseNextDone done) {
    return sendNext(client, points, false, std::move(done));
}

void releasePoints(UaClient& client, std::span<const std::string> points) {
    while (!points.empty()) {
        const auto count = std::min(points.size(), ListingLimits::kMaxPointsPerCall);
        // A server that cannot be asked has forgotten them.
        static_cast<void>(sendNext(client, points.first(count), true, {}));
        points = points.subspan(count);
    }
}

}  // namespace tagwire::source::opcua
