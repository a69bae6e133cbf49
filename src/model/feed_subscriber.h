/// One reader of the store's feed: a bounded mailbox that conflates to a snapshot when its reader falls
/// behind. Thread: offer by the store's, drain by the reader's. Lifetime: outlives the store thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/counter.h"
#include "base/mailbox.h"
#include "model/feed.h"

namespace tagwire {

/// Full: items are not queued any more; when there is room again the reader gets one StoreSnapshot in their
/// place, with the number of changes it did not see one by one. Thus a slow reader costs bounded memory and
/// is told.
class FeedSubscriber {
public:
    static constexpr std::size_t kDefaultCapacity = 100'000;  ///< changes (other items count 1)

    /// `wake` is called by the store's thread when there is something to drain.
    explicit FeedSubscriber(std::function<void()> wake, std::size_t capacity = kDefaultCapacity);

    /// Makes the whole state, told how many changes the reader skips.
    using MakeSnapshot = std::function<std::shared_ptr<const StoreSnapshot>(std::uint64_t skipped)>;

    void offer(const FeedItem& item);
    /// Gives a reader that is behind its snapshot as soon as there is room. Call after every round of offers
    /// and from time to time when there are none: the last change before a silence must arrive, too.
    void catchUp(const MakeSnapshot& makeSnapshot);

    bool drain(std::vector<FeedItem>& out, std::size_t maxChanges) { return mailbox_.drain(out, maxChanges); }

    /// How often this reader fell behind, and how many changes it skipped then.
    [[nodiscard]] const Counter& fellBehind() const noexcept { return fellBehind_; }
    [[nodiscard]] const Counter& skipped() const noexcept { return skipped_; }
    [[nodiscard]] std::size_t waiting() const { return mailbox_.weight(); }

private:
    Mailbox<FeedItem> mailbox_;
    bool behind_ = true;  ///< a new reader begins with a snapshot
    std::uint64_t skippedNow_ = 0;
    Counter fellBehind_;
    Counter skipped_;
};

}  // namespace tagwire
