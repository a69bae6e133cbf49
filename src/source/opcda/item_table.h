/// The tags of the items that an agent has told of: they outlive connections, handles do not.
/// Thread: the source's. Lifetime: owned by the source; the sink outlives it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/tag_patterns.h"
#include "source/opcda/agent_frames.h"
#include "source/opcda/options.h"
#include "source/source.h"

namespace tagwire::source::opcda {

class ItemTable {
public:
    ItemTable(const OpcDaOptions& options, SourceId source, UpdateSink& sink);

    /// The items that are named without a pattern, so that their tags exist before an agent has come.
    void declareConfigured();

    /// Handles of the last connection mean nothing any more.
    void forgetHandles();

    /// Declares tags that are new or have other metadata, and posts a Bad value for those that are refused.
    /// The error is what to tell the agent.
    [[nodiscard]] Result<void> take(const std::vector<AgentItem>& items);

    /// Values to post; a value that is not of its item's type becomes BadDecodingError. The error is for a
    /// handle that was never told. `past`: they are backfill.
    [[nodiscard]] Result<std::vector<TagUpdate>> updates(std::vector<AgentRow> rows, bool past,
                                                         Timestamp received) const;

    /// How an item is written on this connection; the error says why it cannot be.
    struct Written {
        std::uint32_t handle = 0;
        std::uint16_t variantType = 0;
        ValueShape shape;
    };
    [[nodiscard]] Result<Written> writing(const TagInfo& tag) const;

    [[nodiscard]] std::uint32_t tags() const noexcept { return static_cast<std::uint32_t>(tagsById_.size()); }
    [[nodiscard]] std::uint32_t refused() const noexcept { return refused_; }
    /// The first refusal of this connection, in words.
    [[nodiscard]] const std::string& firstRefusal() const noexcept { return firstRefusal_; }

private:
    static constexpr std::size_t kMaxItems = 500'000;

    struct Known {
        std::optional<TagId> tag;  ///< none: its id makes no tag path
        ValueShape shape;
        std::uint16_t variantType = 0;
    };

    [[nodiscard]] Result<TagInfo> describe(const AgentItem& item) const;
    void refuse(std::string why);

    const OpcDaOptions& options_;
    const TagPatterns writable_;
    const SourceId source_;
    UpdateSink& sink_;
    std::unordered_map<std::string, SharedTagInfo> tagsById_;
    std::unordered_map<std::uint32_t, Known> handles_;
    std::unordered_map<std::string, std::uint32_t> handlesByPath_;  ///< of items that are watched
    std::uint32_t refused_ = 0;
    std::string firstRefusal_;
};

}  // namespace tagwire::source::opcda
