/// Lazy browsing for people: one level at a time, in pages, without keeping what nobody asks for any more.
/// Thread: the source's. Lifetime: one generation; it may go before its answers, which are then dropped.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/address_space.h"
#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/text/node_id_text.h"

namespace tagwire::source::opcua {

struct LevelRequest {
    NodeAddress node{std::uint16_t{0}, std::uint32_t{UA_NS0ID_ROOTFOLDER}};
    UA_BrowseDirection direction = UA_BROWSEDIRECTION_FORWARD;
    /// Hierarchical references only, or any.
    bool hierarchical = true;
    /// References in a page; between 1 and Browser::kMaxPage.
    std::size_t pageSize = 1'000;
    /// Fills NodeSummary::hasChildren, at the cost of one more call a page.
    bool askForChildren = false;
    /// UA_NODECLASS_*; 0 for all.
    UA_UInt32 nodeClassMask = 0;
};

class Browser {
public:
    static constexpr std::size_t kMaxPage = 10'000;
    /// Listings whose next page may be asked for; the oldest is given up when there are more. Servers often
    /// have no more than five continuation points for a session.
    static constexpr std::size_t kMaxOpen = 8;
    /// A listing that nobody goes on with for so long is given up.
    static constexpr std::chrono::seconds kMaxIdle{120};

    using Done = std::function<void(BrowsePage page)>;

    explicit Browser(const ServerView& server);
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// The first page of a node's references. `done` is called once.
    void browse(const LevelRequest& request, Done done);
    /// The page after the one that brought `continuation`, which ends with this. BadContinuationPointInvalid
    /// where it was given up.
    void next(std::uint64_t continuation, Done done);
    /// Nobody wants the next page.
    void release(std::uint64_t continuation);
    /// Gives up what has been idle for too long. Called now and then.
    void tick(SteadyTime now);

    [[nodiscard]] std::size_t open() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace tagwire::source::opcua
