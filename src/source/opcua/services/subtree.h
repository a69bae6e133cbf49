/// Follows a subtree of a server's address space: which of its variables are tags now, and what has changed.
/// Thread: the source's. Lifetime: the follower outlives every connection; connect() and disconnect() say
/// which one it may use.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/services/model_change.h"
#include "source/opcua/services/operation.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/services/subtree_list.h"

namespace tagwire::source::opcua {

/// What was found below a node.
struct SubtreeListing {
    /// Why there is nothing: of the start or of the connection; or Good.
    StatusCode status;
    /// In the order of their paths.
    std::vector<SubtreeVariable> variables;
    /// Everything there is was met; otherwise nothing may be concluded from what is missing.
    bool complete = true;
    /// What an administrator has to know: limits reached, nodes that could not be browsed. Empty for nothing.
    std::string words;
};

/// Walks the subtree once, breadth first, within the rules and `maxTime`. `done` is called once.
Operation expandSubtree(const ServerView& server, const SubtreeRules& rules,
                        std::chrono::milliseconds maxTime, std::function<void(SubtreeListing)> done);

class SubtreeFollower {
public:
    /// How long one look through may take.
    static constexpr std::chrono::minutes kMaxScan{2};
    /// Changes that the server tells of are collected for so long before it is asked.
    static constexpr std::chrono::seconds kSettle{1};

    /// Tags to make, to take away, to bind anew, and how the subtree stands. Called after every scan, also
    /// when nothing has changed; `listing.status` is Bad where the scan failed, and `diff` is empty then.
    using OnScan = std::function<void(const SubtreeDiff& diff, const SubtreeListing& listing)>;

    /// `rescan` 0: only at connects and when the server tells of changes.
    SubtreeFollower(SubtreeRules rules, std::chrono::milliseconds rescan, OnScan onScan);
    ~SubtreeFollower();
    SubtreeFollower(const SubtreeFollower&) = delete;
    SubtreeFollower& operator=(const SubtreeFollower&) = delete;

    /// There is a connection: looks through the subtree at once.
    void connect(const ServerView& server);
    void disconnect();
    /// Begins what is due. Called now and then.
    void tick(SteadyTime now);
    /// The server says that nodes have changed (modelChangesIn()).
    void modelChanged(std::span<const ModelChange> changes, SteadyTime now);

    /// The tags there are.
    [[nodiscard]] const std::vector<SubtreeVariable>& variables() const noexcept { return variables_; }
    [[nodiscard]] bool scanning() const noexcept { return scanning_; }

private:
    void scan();
    void onListing(SubtreeListing listing);

    SubtreeRules rules_;
    std::chrono::milliseconds rescan_;
    OnScan onScan_;
    std::optional<ServerView> server_;
    std::vector<SubtreeVariable> variables_;
    std::optional<SteadyTime> due_;
    SteadyTime begun_;
    Operation operation_;
    bool scanning_ = false;
    /// Changes came while a scan was under way that may have missed them.
    bool again_ = false;
};

}  // namespace tagwire::source::opcua
