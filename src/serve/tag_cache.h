/// A shard's own copy of the latest of every tag, so that requests and frames need no other thread.
/// Thread: the shard's. Lifetime: owned by the shard.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/feed.h"
#include "model/tag_path.h"
#include "serve/kept_row.h"
#include "serve/prefetch.h"

namespace tagwire::serve {

class TagCache {
public:
    struct Entry {
        SharedTagInfo info;  ///< null: no such tag
        DataValue value;
        ChangeNumber number;  ///< of the last change; 0: none yet
    };

    explicit TagCache(EncodeRow encode) : encode_(encode) {}

    void apply(const TagsAdded& added);
    /// `wanted(tag)`: whether somebody watches, so that the row is worth keeping.
    void apply(const ChangeBatch& batch, const std::vector<bool>& wanted);
    void apply(const StoreSnapshot& snapshot);
    void apply(const SourceState& state) { sources_[state.source] = state; }

    [[nodiscard]] const Entry* find(TagId tag) const noexcept;
    [[nodiscard]] const Entry* find(std::string_view path) const;
    /// appendRow() will come soon.
    void fetchAhead(TagId tag) const noexcept {
        if (tag.index() < rows_.size()) prefetch(&rows_[tag.index()], sizeof(KeptRow));
    }
    /// Appends the tag's row with times from base(), and a comma; nothing if the tag never had a value.
    /// Encoded here if the kept row counts from another base.
    void appendRow(RowWriter& out, TagId tag) {
        if (tag.index() >= rows_.size()) return;
        const KeptRow& row = rows_[tag.index()];
        if (row.countsFrom(base_) || encodeRow(tag)) out.append(row);
    }

    /// Tags in the order of their paths, from `after` (exclusive), until `visit` returns false.
    void forEach(std::string_view after, const std::function<bool(const Entry&)>& visit) const;
    /// The same for the tags that match; uses the pattern's literal beginning to skip the rest.
    void forEachMatching(const TagPattern& pattern, const std::function<bool(const Entry&)>& visit) const;

    [[nodiscard]] std::size_t size() const noexcept { return byPath_.size(); }
    /// Exclusive upper bound of the tag ids known here.
    [[nodiscard]] std::size_t idBound() const noexcept { return entries_.size(); }
    [[nodiscard]] const std::map<SourceId, SourceState>& sources() const noexcept { return sources_; }
    /// The name of the tag's source; empty if the source never said it.
    [[nodiscard]] std::string_view sourceName(const TagInfo& info) const;
    /// Number of the last change seen.
    [[nodiscard]] ChangeNumber last() const noexcept { return last_; }
    [[nodiscard]] Timestamp base() const noexcept { return base_; }
    /// Whether the first snapshot has arrived.
    [[nodiscard]] bool ready() const noexcept { return ready_; }

private:
    /// False: there is no value to encode.
    bool encodeRow(TagId tag);
    void resize(std::size_t tags);

    EncodeRow encode_;
    std::vector<Entry> entries_;
    std::vector<KeptRow> rows_;  ///< as entries_, apart because gathering reads nothing else
    std::string encoded_;
    std::map<std::string, TagId, std::less<>> byPath_;
    std::map<SourceId, SourceState> sources_;
    ChangeNumber last_;
    Timestamp base_;
    bool ready_ = false;
};

}  // namespace tagwire::serve
