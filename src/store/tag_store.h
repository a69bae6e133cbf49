/// Latest value of every tag: numbers the changes that pass the deadbands and encodes each once.
/// Thread: store. Lifetime: owned by StoreThread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/counter.h"
#include "base/thread_checker.h"
#include "model/feed.h"
#include "model/tag_update.h"

namespace tagwire::store {

class TagStore {
public:
    using Publish = std::function<void(FeedItem)>;

    /// `publish` gets every change, in order, on the calling thread.
    TagStore(EncodeRow encode, Publish publish);

    void apply(SourceMessage message);
    /// Publishes the changes gathered since the last flush. Call when there is nothing more to apply right
    /// now.
    void flush();

    [[nodiscard]] std::shared_ptr<const StoreSnapshot> snapshot(std::uint64_t skippedChanges) const;
    [[nodiscard]] ChangeNumber last() const noexcept { return last_; }

    /// Changes published so far.
    [[nodiscard]] const Counter& changes() const noexcept { return changes_; }
    /// Updates that a deadband or an equal value held back.
    [[nodiscard]] const Counter& unchanged() const noexcept { return unchanged_; }

private:
    struct Entry {
        SharedTagInfo info;  ///< null: declared under a path that another source has; its updates are ignored
        DataValue latest;
        DataValue reported;
        ChangeNumber number;      ///< of the change that reported it; 0: none yet
        bool backfilled = false;  ///< since the last report: the record has ended with another value
    };

    struct SourceEntry {
        SourceState state;
        std::vector<TagId> tags;
    };

    void declare(const std::vector<SharedTagInfo>& tags);
    void applyValues(std::vector<TagUpdate>& updates);
    void applyState(SourceState state);
    void applyLost(const SourceEntry& source);
    void report(TagId tag, Entry& entry);
    [[nodiscard]] ChangeBatch& batch();
    void flushIfFull();
    [[nodiscard]] Entry* find(TagId tag) noexcept;

    ThreadChecker thread_;
    EncodeRow encode_;
    Publish publish_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, TagId> byPath_;
    std::map<SourceId, SourceEntry> sources_;
    ChangeNumber last_;
    std::shared_ptr<ChangeBatch> batch_;
    Counter changes_;
    Counter unchanged_;
};

}  // namespace tagwire::store
