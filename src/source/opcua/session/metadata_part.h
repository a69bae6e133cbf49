/// Completes the tags' metadata by what the server says of their nodes, on every connection and for items
/// that come later. Thread: the source's. Lifetime: outlives the session.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/tag_patterns.h"
#include "source/opcua/options.h"
#include "source/opcua/services/metadata_reader.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/subscription/item_table.h"

namespace tagwire::source::opcua {

class MetadataPart final : public ConnectionPart {
public:
    /// How often it looks for items that came after the connect.
    static constexpr std::chrono::seconds kInterval{1};

    explicit MetadataPart(const OpcUaOptions& options);

    void onLive(Generation& generation, std::optional<Timestamp> lostSince) override;
    void onTurn(Generation& generation, SteadyTime now) override;
    void onClosed() override;

private:
    void ask(Generation& generation);
    void read(Generation& generation, std::vector<TagId> tags, std::vector<Ua<UA_NodeId>> nodes);

    /// Tags that may be written, where the server lets them.
    const TagPatterns writable_;
    /// Paths of the tags whose limits are those of the configuration, also when it has none.
    std::unordered_set<std::string> ownLimits_;
    /// As the configuration has them, because what a server said once must not stand against what it says
    /// now.
    std::unordered_map<TagId, SharedTagInfo> configured_;
    /// Of this connection.
    std::unordered_set<TagId> asked_;
    Operation reading_;
    bool live_ = false;
    bool busy_ = false;
    unsigned turns_ = 0;
    std::optional<SteadyTime> due_;
};

}  // namespace tagwire::source::opcua
