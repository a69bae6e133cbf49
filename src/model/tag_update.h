/// What sources tell the store.
/// Thread: moved from the source's thread to the store's. Lifetime: value types.
#pragma once

#include <variant>
#include <vector>

#include "model/data_value.h"
#include "model/source_state.h"
#include "model/tag_info.h"

namespace tagwire {

struct TagUpdate {
    TagId tag;
    DataValue value;
    /// Of a time for which something newer is known or about to come, such as from a server's own history or
    /// from what an agent kept: part of the record, never what the tag is now.
    bool backfill = false;
};

/// New tags, or new metadata of known ones (same id). Comes before the first update of a tag.
struct TagsDeclared {
    std::vector<SharedTagInfo> tags;
};

/// Values in the order they arose.
struct ValuesArrived {
    std::vector<TagUpdate> updates;
};

/// All tags of the source turn to `state.why`, values kept, when its phase leaves Live.
struct SourceStateChanged {
    SourceState state;
};

using SourceMessage = std::variant<TagsDeclared, ValuesArrived, SourceStateChanged>;

}  // namespace tagwire
