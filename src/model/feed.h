/// What the store tells everybody who looks on: one ordered stream.
/// Thread: built by the store's, then immutable and shared. Lifetime: until the last reader lets go.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "model/change_batch.h"
#include "model/source_state.h"
#include "model/tag_info.h"

namespace tagwire {

/// New tags, or new metadata of known ones.
struct TagsAdded {
    std::vector<SharedTagInfo> tags;
};

/// The whole state, for a reader that begins, or that fell behind and lost items of its feed.
struct StoreSnapshot {
    struct Latest {
        SharedTagInfo info;
        ChangeNumber number;  ///< of the last change; 0 if there was none yet
        DataValue value;
    };

    std::vector<Latest> tags;
    std::vector<SourceState> sources;
    ChangeNumber last;
    /// Changes that this reader will never see one by one.
    std::uint64_t skippedChanges = 0;
};

using FeedItem = std::variant<SharedBatch, std::shared_ptr<const TagsAdded>,
                              std::shared_ptr<const SourceState>, std::shared_ptr<const StoreSnapshot>>;

}  // namespace tagwire
