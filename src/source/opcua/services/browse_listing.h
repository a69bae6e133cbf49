/// All references of many nodes: Browse and BrowseNext until nothing is left, whatever the server's limits on
/// operations and continuation points (OPC 10000-4, 5.8.2 and 5.8.3).
/// Thread: the source's. Lifetime: functions; as batched_call.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/services/operation.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// Which references are asked for.
struct ReferenceQuery {
    UA_BrowseDirection direction = UA_BROWSEDIRECTION_FORWARD;
    /// In namespace 0, with its subtypes; 0 for any reference.
    UA_UInt32 referenceType = UA_NS0ID_HIERARCHICALREFERENCES;
    /// 0 for all classes.
    UA_UInt32 nodeClassMask = 0;
    UA_UInt32 resultMask = UA_BROWSERESULTMASK_ALL;

    [[nodiscard]] UA_BrowseDescription describe() const noexcept;
};

/// How the listing of one node ended.
struct ListingEnd {
    /// Why it is not complete; Good when it is.
    StatusCode status;
    /// Why the rest was left out though the server has more, in words; null when it was not.
    const char* cutOff = nullptr;
};

struct ListingCallbacks {
    /// References of the node with this index, in the server's order, as they come. The contents may be moved
    /// out. False: enough; nothing is called back any more.
    std::function<bool(std::size_t node, std::span<UA_ReferenceDescription> references)> onReferences;
    /// At the end, one entry a node.
    std::function<void(std::span<const ListingEnd> ends)> onDone;
};

struct ListingLimits {
    /// References of one node in one answer.
    static constexpr UA_UInt32 kPage = 5'000;
    /// Of one node; what comes after is cut off.
    static constexpr std::size_t kMaxReferences = 2'000'000;
    /// Answers in a row with a continuation point and no reference.
    static constexpr int kMaxEmptyPages = 3;
    static constexpr std::size_t kMaxContinuationBytes = 65'536;
    static constexpr std::size_t kMaxPointsPerCall = 100;
};

Operation listReferences(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes,
                         const ReferenceQuery& query, ListingCallbacks callbacks);

/// Notices a server that goes round in circles: it remembers one listing's references by hash.
class RepeatGuard {
public:
    /// Whether every one of `references` has been in an earlier page; false for none.
    [[nodiscard]] bool repeats(std::span<const UA_ReferenceDescription> references);

private:
    std::unordered_set<std::uint64_t> seen_;
};

inline constexpr const char* kEndlessContinuation =
    "the server goes on without bringing anything new, so the rest was left out";
inline constexpr const char* kTooManyReferences =
    "the node has more references than are taken from one node, so the rest was left out";

/// Asks for the next page of listings, or gives their continuation points back. One call; `done` gets the
/// service's status and one result a point, or none.
using BrowseNextDone = std::function<void(StatusCode service, std::span<UA_BrowseResult> results)>;
/// Good if sent; otherwise `done` is never called.
[[nodiscard]] StatusCode browseNext(UaClient& client, std::span<const std::string> points,
                                    BrowseNextDone done);
/// Nobody waits for the answer.
void releasePoints(UaClient& client, std::span<const std::string> points);

}  // namespace tagwire::source::opcua
