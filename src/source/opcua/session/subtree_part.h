/// Makes tags of the variables of configured subtrees, and follows them as nodes come and go.
/// Thread: the source's. Lifetime: outlives the session; the options and the sink outlive it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "source/opcua/options.h"
#include "source/opcua/services/subtree.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/subscription/item_table.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class SubtreePart final : public ConnectionPart, public ModelChangeListener {
public:
    SubtreePart(const OpcUaOptions& options, SourceId source, UpdateSink& sink, ItemTable& table);

    void onOpened(Generation& generation) override;
    void onTurn(Generation& generation, SteadyTime now) override;
    void onClosed() override;
    [[nodiscard]] std::string notice() const override;

    void onModelChanges(std::span<const ModelChange> changes) override;

private:
    struct Follow {
        const SubtreeOptions& options;
        std::unique_ptr<SubtreeFollower> follower;
        /// What was said of it last: the same is not logged again.
        std::string words;
    };

    void onScan(Follow& follow, const SubtreeDiff& diff, const SubtreeListing& listing);
    /// Once, however often it is found again.
    void say(Follow& follow, std::string words);
    [[nodiscard]] NewItem itemOf(const SubtreeOptions& options, const SubtreeVariable& variable);
    /// Takes the items away; with a reason, the tags show it from now on.
    void remove(std::span<const SubtreeVariable> variables, StatusCode reason);

    const OpcUaOptions& options_;
    SourceId source_;
    UpdateSink& sink_;
    ItemTable& table_;
    std::vector<std::unique_ptr<Follow>> follows_;
    /// Tags by path, also of nodes that are gone: when they come back, they are the same.
    std::unordered_map<std::string, SharedTagInfo> tags_;
};

}  // namespace tagwire::source::opcua
