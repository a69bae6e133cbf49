#include "serve/tag_cache.h"

namespace tagwire::serve {
namespace {

/// Changes whose tags are fetched before they are needed.
constexpr std::size_t kTagsAhead = 8;

}  // namespace

void TagCache::apply(const TagsAdded& added) {
    for (const auto& info : added.tags) {
        resize(info->id.index() + 1);
        entries_[info->id.index()].info = info;
        byPath_.insert_or_assign(info->path.text(), info->id);
    }
}

void TagCache::apply(const ChangeBatch& batch, const std::vector<bool>& wanted) {
    const auto& changes = batch.changes();
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& change = changes[i];
        if (change.backfill) continue;
        if (i + kTagsAhead < changes.size()) {
            const auto coming = changes[i + kTagsAhead].tag.index();
            prefetch(&entries_[coming], sizeof(Entry));
            prefetch(&rows_[coming], sizeof(KeptRow));
        }
        Entry& entry = entries_[change.tag.index()];
        entry.value = change.value;
        entry.number = batch.number(i);
        const bool keep = change.tag.index() < wanted.size() && wanted[change.tag.index()];
        if (keep) {
            rows_[change.tag.index()].keep(batch.row(change), batch.base());
        } else {
            rows_[change.tag.index()].clear();
        }
    }
    last_ = batch.last();
    base_ = batch.base();
}

void TagCache::apply(const StoreSnapshot& snapshot) {
    for (const auto& latest : snapshot.tags) {
        const auto index = latest.info->id.index();
        resize(index + 1);
        Entry& entry = entries_[index];
        entry.info = latest.info;
        byPath_.insert_or_assign(latest.info->path.text(), latest.info->id);
        if (entry.number == latest.number) continue;
        entry.value = latest.value;
        entry.number = latest.number;
        rows_[index].clear();
    }
    for (const auto& state : snapshot.sources) apply(state);
    last_ = snapshot.last;
    if (base_ == Timestamp{}) base_ = std::chrono::floor<std::chrono::minutes>(wallClockNow());
    ready_ = true;
}

const TagCache::Entry* TagCache::find(TagId tag) const noexcept {
    if (tag.index() >= entries_.size() || !entries_[tag.index()].info) return nullptr;
    return &entries_[tag.index()];
}

const TagCache::Entry* TagCache::find(std::string_view path) const {
    const auto it = byPath_.find(path);
    return it == byPath_.end() ? nullptr : find(it->second);
}

bool TagCache::encodeRow(TagId tag) {
    const Entry& entry = entries_[tag.index()];
    if (entry.number == ChangeNumber{}) return false;
    encoded_.clear();
    encode_(encoded_, tag, entry.value, base_);
    rows_[tag.index()].keep(encoded_, base_);
    return true;
}

void TagCache::resize(std::size_t tags) {
    if (entries_.size() >= tags) return;
    entries_.resize(tags);
    rows_.resize(tags);
}

void TagCache::forEach(std::string_view after, const std::function<bool(const Entry&)>& visit) const {
    for (auto it = byPath_.upper_bound(after); it != byPath_.end(); ++it) {
        if (!visit(entries_[it->second.index()])) return;
    }
}

void TagCache::forEachMatching(const TagPattern& pattern,
                               const std::function<bool(const Entry&)>& visit) const {
    const std::string_view text = pattern.text();
    std::string_view literal = text.substr(0, text.find('*'));
    // `Line1.**` also matches `Line1` itself, which sorts before `Line1.`
    if (!literal.empty() && literal.back() == '.') literal.remove_suffix(1);
    for (auto it = byPath_.lower_bound(literal); it != byPath_.end() && it->first.starts_with(literal);
         ++it) {
        if (pattern.matches(it->first) && !visit(entries_[it->second.index()])) return;
    }
}

std::string_view TagCache::sourceName(const TagInfo& info) const {
    const auto it = sources_.find(info.source);
    return it == sources_.end() ? std::string_view{} : it->second.name;
}

}  // namespace tagwire::serve
