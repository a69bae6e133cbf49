/// Records what the store's feed tells: decides what, at which time in the history, and what to say when
/// changes were missed. Thread: the history's. Lifetime: owned by the history's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/counter.h"
#include "history/policy.h"
#include "history/storage.h"
#include "model/feed.h"

namespace tagwire::history {

class Recorder {
public:
    Recorder(Storage& storage, const PolicyTable& policies) : storage_(storage), policies_(policies) {}

    void take(const FeedItem& item, Timestamp now);
    /// What waits for its time. Call before each commit.
    void settle(Timestamp now);

    [[nodiscard]] const Counter& recorded() const noexcept { return recorded_; }
    /// Changes that are not in the history though they should be.
    [[nodiscard]] const Counter& lost() const noexcept { return lost_; }

private:
    struct Tag {
        SharedTagInfo info;
        const Policy* policy = nullptr;
        std::optional<SeriesId> series;
        /// Of what is recorded, in the time of the history; what lies far in the future does not count.
        Timestamp last;
        /// As the store told it.
        DataValue recorded;
        bool begun = false;  ///< in this run
    };

    /// Changes that were refused because storage was full or not open: only the latest will be recorded.
    struct Missed {
        Timestamp since;
        DataValue latest;
        bool several = false;
    };

    struct Waiting {
        DataValue value;
        Timestamp due;
    };

    void declare(const std::vector<SharedTagInfo>& tags);
    void take(const StoreSnapshot& snapshot, Timestamp now);
    void take(TagId id, const DataValue& value, Timestamp now);
    void place(TagId id, const DataValue& value, Timestamp now);
    void fill(TagId id, const DataValue& value, Timestamp now);
    void begin(TagId id, const DataValue& value, Timestamp now);
    void confirm(TagId id, const DataValue& value, Timestamp now);
    void miss(TagId id, const DataValue& value);
    bool append(const Tag& tag, const DataValue& value, SampleOrigin origin);
    void noteGap(Tag& tag, Timestamp since);
    bool takesAgain(TagId id, Timestamp now);
    [[nodiscard]] bool isWanted(const Tag& tag, const DataValue& value) const;
    [[nodiscard]] static bool mustWait(const Tag& tag, const DataValue& value);

    Storage& storage_;
    const PolicyTable& policies_;
    std::vector<Tag> tags_;
    /// The latest change came with a time before one that is recorded already: it is what holds now, all the
    /// same.
    std::unordered_map<TagId, DataValue> late_;
    /// Came too soon after the last (Policy::minInterval).
    std::unordered_map<TagId, Waiting> waiting_;
    std::unordered_map<TagId, Missed> missed_;
    ChangeNumber seen_;
    Counter recorded_;
    Counter lost_;
};

}  // namespace tagwire::history
