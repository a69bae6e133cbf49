/// Who watches which tag in this shard, and which subscription is due when.
/// Thread: the shard's. Lifetime: owned by the shard; subscriptions leave by remove() before they die.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/counter.h"
#include "base/time.h"
#include "model/feed.h"
#include "serve/subscription.h"
#include "serve/tag_cache.h"
#include "wire/frames.h"

namespace tagwire::serve {

/// Idle tags and idle subscriptions cost nothing: a change only touches the subscriptions that watch its tag.
class SubscriptionTable {
public:
    /// `atLatest(time)` asks for a call of runDue() at that time, or soon after.
    SubscriptionTable(TagCache& cache, std::function<void(SteadyTime)> atLatest);

    struct Added {
        std::vector<SharedTagInfo> tags;
        std::vector<wire::BadTag> refused;
    };

    /// Names and patterns begin to be watched. Unknown names are refused but join when they appear.
    Added add(Subscription& subscription, std::span<const std::string> names);
    void remove(Subscription& subscription) noexcept;

    /// The first frames are the latest values of all its tags.
    void startWithSnapshot(Subscription& subscription);
    /// The first frames are what changed after `seen`. False if that is not known any more (mode All).
    [[nodiscard]] bool startAfter(Subscription& subscription, ChangeNumber seen,
                                  std::span<const SharedBatch> replay);

    void onTagsAdded(const TagsAdded& added);
    void onBatch(const ChangeBatch& batch);
    /// The shard fell behind; `seen` is the last change it had seen. Call after the cache has taken the
    /// snapshot.
    void onSnapshot(const StoreSnapshot& snapshot, ChangeNumber seen);

    /// Call when the owner has gathered a subscription it was told of.
    void gathered(Subscription& subscription);
    /// Call when the subscription's credits grew.
    void reschedule(Subscription& subscription);
    /// Tells the owners of what is due by now.
    void runDue(SteadyTime now);

    /// Index: TagId; whether anybody here watches the tag.
    [[nodiscard]] const std::vector<bool>& watched() const noexcept { return watched_; }
    [[nodiscard]] std::size_t subscriptions() const noexcept { return all_.size(); }

private:
    struct Watcher {
        Subscription* subscription = nullptr;
        std::uint32_t slot = 0;
    };

    void beginRound() noexcept;
    static void fetchAhead(std::span<Subscription* const> coming) noexcept;
    bool watch(Subscription& subscription, TagId tag);
    [[nodiscard]] bool watches(const Subscription& subscription, TagId tag) const noexcept;

    TagCache& cache_;
    std::function<void(SteadyTime)> atLatest_;
    std::vector<std::vector<Watcher>> watchers_;  ///< index: TagId
    std::vector<bool> watched_;
    std::unordered_set<Subscription*> all_;
    std::unordered_set<Subscription*> growing_;  ///< have patterns or awaited names
    /// Who waits until when. Many share a time, because due times lie on a grid.
    std::map<SteadyTime, std::vector<Subscription*>> due_;
    std::vector<Subscription*> dueNow_;
    SteadyTime now_{};
    bool inRound_ = false;  ///< changes are being marked; it ends with runDue()
    bool inRun_ = false;    ///< owners are being told in runDue()
};

}  // namespace tagwire::serve
