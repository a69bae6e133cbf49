/// The bounded way of one source's messages to the store.
/// Thread: declare, post, changeState by the source's; drain by the store's. Lifetime: outlives the source.
#pragma once

#include <cstddef>
#include <vector>

#include "base/counter.h"
#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/tag_update.h"

namespace tagwire::store {

/// Full: what waits is conflated to the latest value of each tag between two control messages; the values
/// that took the place of others carry the overflow bit, and the skipped ones are counted. Nothing ends up
/// older than it was: backfill goes first.
class SourceInbox {
public:
    static constexpr std::size_t kDefaultCapacity = 1'000'000;  ///< updates

    explicit SourceInbox(Doorbell& bell, std::size_t capacity = kDefaultCapacity);

    void declare(std::vector<SharedTagInfo> tags);
    void post(std::vector<TagUpdate> updates);
    void changeState(SourceState state);

    /// Oldest first, at most about `maxUpdates`. False if there was nothing.
    bool drain(std::vector<SourceMessage>& out, std::size_t maxUpdates) {
        return mailbox_.drain(out, maxUpdates);
    }

    [[nodiscard]] std::size_t waiting() const { return mailbox_.weight(); }
    [[nodiscard]] const Counter& received() const noexcept { return received_; }
    [[nodiscard]] const Counter& skipped() const noexcept { return skipped_; }

private:
    Mailbox<SourceMessage> mailbox_;
    Counter received_;
    Counter skipped_;
};

}  // namespace tagwire::store
