/// Changes of tags, numbered, each encoded once into the row that every browser gets.
/// Thread: built by the store's, then immutable and shared by all. Lifetime: until its last reader lets go.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "model/tag_id.h"

namespace tagwire {

/// Writes one protocol row (`[handle,value,dt,q]`); dt counts from `base`.
using EncodeRow = void (*)(std::string& out, TagId tag, const DataValue& value, Timestamp base);

struct Change {
    TagId tag;
    std::uint32_t rowOffset = 0;
    std::uint32_t rowLength = 0;
    bool backfill = false;  ///< see TagUpdate
    DataValue value;
};

class ChangeBatch {
public:
    /// `first` is the number of the first change to come; rows count their times from `base`.
    ChangeBatch(ChangeNumber first, Timestamp base, EncodeRow encode) noexcept
        : first_(first), base_(base), encode_(encode) {}

    void push(TagId tag, const DataValue& value, bool backfill = false) {
        const auto offset = static_cast<std::uint32_t>(rows_.size());
        encode_(rows_, tag, value, base_);
        changes_.push_back({tag, offset, static_cast<std::uint32_t>(rows_.size()) - offset, backfill, value});
    }

    [[nodiscard]] bool empty() const noexcept { return changes_.empty(); }
    [[nodiscard]] const std::vector<Change>& changes() const noexcept { return changes_; }
    [[nodiscard]] std::string_view row(const Change& change) const noexcept {
        return std::string_view(rows_).substr(change.rowOffset, change.rowLength);
    }
    [[nodiscard]] Timestamp base() const noexcept { return base_; }
    /// Number of the change at `index` in changes().
    [[nodiscard]] ChangeNumber number(std::size_t index) const noexcept {
        return ChangeNumber{first_.value() + index};
    }
    /// Number of the last change; one less than the first if the batch is empty.
    [[nodiscard]] ChangeNumber last() const noexcept {
        return ChangeNumber{first_.value() + changes_.size() - 1};
    }
    [[nodiscard]] std::size_t rowBytes() const noexcept { return rows_.size(); }

private:
    ChangeNumber first_;
    Timestamp base_;
    EncodeRow encode_;
    std::vector<Change> changes_;
    std::string rows_;
};

using SharedBatch = std::shared_ptr<const ChangeBatch>;

}  // namespace tagwire
