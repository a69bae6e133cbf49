#include "model/feed_subscriber.h"

#include <utility>
#include <variant>

namespace tagwire {
namespace {

std::size_t changesIn(const FeedItem& item) noexcept {
    const auto* batch = std::get_if<SharedBatch>(&item);
    return batch == nullptr ? 0 : (*batch)->changes().size();
}

}  // namespace

FeedSubscriber::FeedSubscriber(std::function<void()> wake, std::size_t capacity)
    : mailbox_(capacity, std::move(wake)) {}

void FeedSubscriber::offer(const FeedItem& item) {
    const auto changes = changesIn(item);
    if (!behind_) {
        FeedItem copy = item;
        if (mailbox_.tryPush(std::move(copy), changes > 0 ? changes : 1)) return;
        behind_ = true;
        fellBehind_.add();
    }
    skippedNow_ += changes;
}

void FeedSubscriber::catchUp(const MakeSnapshot& makeSnapshot) {
    // Half empty, so that a reader at its limit is not handed one snapshot after the other.
    if (!behind_ || mailbox_.weight() > mailbox_.capacity() / 2) return;
    if (!mailbox_.tryPush(FeedItem(makeSnapshot(skippedNow_)))) return;
    skipped_.add(std::exchange(skippedNow_, 0));
    behind_ = false;
}

}  // namespace tagwire
