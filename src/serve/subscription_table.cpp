#include "serve/subscription_table.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace tagwire::serve {
namespace {

/// Subscriptions between one step of fetching and the next, or the use: enough for the memory to answer.
constexpr std::size_t kAhead = 4;
/// Of the watchers of a tag whose turn comes.
constexpr std::size_t kWatchersAhead = 16;

}  // namespace

SubscriptionTable::SubscriptionTable(TagCache& cache, std::function<void(SteadyTime)> atLatest)
    : cache_(cache), atLatest_(std::move(atLatest)) {}

SubscriptionTable::Added SubscriptionTable::add(Subscription& subscription,
                                                std::span<const std::string> names) {
    all_.insert(&subscription);
    Added result;
    std::vector<bool> known(cache_.idBound());
    for (const auto& slot : subscription.slots()) known[slot.tag.index()] = true;

    const auto& sight = subscription.terms().sight;
    const auto take = [&](const TagCache::Entry& entry) {
        const auto index = entry.info->id.index();
        if (known[index] || !sight.sees(entry.info->path.text())) return true;
        if (!watch(subscription, entry.info->id)) return false;
        known[index] = true;
        result.tags.push_back(entry.info);
        return true;
    };
    const auto refuseFull = [&](const std::string& name) {
        result.refused.push_back(
            {name, wire::ErrorCode::TooManyTags,
             fmt::format("the subscription has its limit of {} tags; use several subscriptions",
                         subscription.terms().maxTags)});
    };

    for (const auto& name : names) {
        if (!TagPattern::isPattern(name)) {
            if (const auto* entry = sight.sees(name) ? cache_.find(name) : nullptr) {
                if (!take(*entry)) refuseFull(name);
                continue;
            }
            result.refused.push_back(
                {name, wire::ErrorCode::UnknownTag,
                 "there is no tag of this name; if one appears it joins the subscription"});
            subscription.awaited.insert(name);
            continue;
        }
        auto pattern = TagPattern::parse(name);
        if (!pattern) {
            result.refused.push_back({name, wire::ErrorCode::BadPattern, pattern.error().message});
            continue;
        }
        bool full = false;
        cache_.forEachMatching(*pattern,
                               [&](const TagCache::Entry& entry) { return !(full = !take(entry)); });
        if (full) refuseFull(name);
        subscription.patterns.push_back(std::move(*pattern));
    }
    if (!subscription.patterns.empty() || !subscription.awaited.empty()) growing_.insert(&subscription);
    return result;
}

void SubscriptionTable::remove(Subscription& subscription) noexcept {
    for (const auto& slot : subscription.slots()) {
        auto& list = watchers_[slot.tag.index()];
        const Watcher moved = list.back();
        list[slot.watcherIndex] = moved;
        moved.subscription->slots()[moved.slot].watcherIndex = slot.watcherIndex;
        list.pop_back();
        if (list.empty()) watched_[slot.tag.index()] = false;
    }
    subscription.slots().clear();
    all_.erase(&subscription);
    growing_.erase(&subscription);
    std::erase(dueNow_, &subscription);
    if (subscription.schedule != Subscription::Schedule::Waiting) return;
    if (const auto bucket = due_.find(subscription.due); bucket != due_.end()) {
        std::erase(bucket->second, &subscription);
        if (bucket->second.empty()) due_.erase(bucket);
    }
}

void SubscriptionTable::startWithSnapshot(Subscription& subscription) {
    for (std::size_t slot = 0; slot < subscription.slots().size(); ++slot) subscription.markDirty(slot);
    subscription.beginSnapshot();
    reschedule(subscription);
}

bool SubscriptionTable::startAfter(Subscription& subscription, ChangeNumber seen,
                                   std::span<const SharedBatch> replay) {
    if (seen > cache_.last()) return false;
    auto& slots = subscription.slots();
    if (subscription.terms().mode == wire::Mode::Latest) {
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (cache_.find(slots[i].tag)->number > seen) subscription.markDirty(i);
        }
    } else if (seen < cache_.last()) {
        if (replay.empty() || replay.front()->number(0).value() > seen.value() + 1) return false;
        std::unordered_map<TagId, std::size_t> slotOf;
        for (std::size_t i = 0; i < slots.size(); ++i) slotOf.emplace(slots[i].tag, i);
        for (const auto& batch : replay) {
            if (batch->last() <= seen) continue;
            for (std::size_t i = 0; i < batch->changes().size(); ++i) {
                const auto slot = slotOf.find(batch->changes()[i].tag);
                if (slot == slotOf.end() || batch->number(i) <= seen) continue;
                subscription.onChange(slot->second, batch->row(batch->changes()[i]), batch->base(),
                                      batch->number(i));
            }
        }
    }
    reschedule(subscription);
    return true;
}

void SubscriptionTable::onTagsAdded(const TagsAdded& added) {
    beginRound();
    std::unordered_map<Subscription*, std::vector<SharedTagInfo>> told;
    for (const auto& info : added.tags) {
        const auto index = info->id.index();
        if (index < watchers_.size()) {
            for (const auto& watcher : watchers_[index]) told[watcher.subscription].push_back(info);
        }
        const auto& path = info->path.text();
        for (Subscription* subscription : growing_) {
            if (!subscription->terms().sight.sees(path)) continue;
            const bool awaited = subscription->awaited.erase(path) > 0;
            const bool wanted = awaited || std::ranges::any_of(subscription->patterns, [&](const auto& p) {
                                    return p.matches(path);
                                });
            if (!wanted || watches(*subscription, info->id) || !watch(*subscription, info->id)) continue;
            subscription->markDirty(subscription->slots().size() - 1);
            told[subscription].push_back(info);
        }
    }
    for (auto& [subscription, infos] : told) {
        subscription->owner().onTags(*subscription, infos);
        reschedule(*subscription);
    }
    runDue(now_);
}

void SubscriptionTable::onBatch(const ChangeBatch& batch) {
    beginRound();
    const auto& changes = batch.changes();
    const auto watchers = [this](TagId tag) {
        return tag.index() < watchers_.size() ? &watchers_[tag.index()] : nullptr;
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i + 2 * kAhead < changes.size()) prefetch(watchers(changes[i + 2 * kAhead].tag), 1);
        if (i + kAhead < changes.size()) {
            if (const auto* list = watchers(changes[i + kAhead].tag))
                prefetch(list->data(), std::min(list->size(), kWatchersAhead) * sizeof(Watcher));
        }
        const auto index = changes[i].tag.index();
        if (index >= watchers_.size()) continue;
        const auto& list = watchers_[index];
        const auto row = batch.row(changes[i]);
        for (std::size_t at = 0; at < list.size(); ++at) {
            // Each is somewhere else in memory: the processor fetches some of them while it marks others.
            if (at + kAhead < list.size()) prefetch(list[at + kAhead].subscription, 1);
            const auto& watcher = list[at];
            if (changes[i].backfill && watcher.subscription->terms().mode == wire::Mode::Latest) continue;
            watcher.subscription->onChange(watcher.slot, row, batch.base(), batch.number(i));
            if (watcher.subscription->schedule == Subscription::Schedule::Idle)
                reschedule(*watcher.subscription);
        }
    }
    runDue(now_);
}

void SubscriptionTable::onSnapshot(const StoreSnapshot& snapshot, ChangeNumber seen) {
    beginRound();
    for (const auto& latest : snapshot.tags) {
        const auto index = latest.info->id.index();
        if (index >= watchers_.size() || latest.number <= seen) continue;
        for (const auto& watcher : watchers_[index]) watcher.subscription->markDirty(watcher.slot);
    }
    for (Subscription* subscription : all_) {
        subscription->onFeedSkipped(snapshot.skippedChanges);
        reschedule(*subscription);
    }
    runDue(now_);
}

void SubscriptionTable::reschedule(Subscription& subscription) {
    using Schedule = Subscription::Schedule;
    if (subscription.schedule != Schedule::Idle) return;
    if (!subscription.pending() || subscription.blockedByCredits()) {
        return;
    }
    const auto earliest = subscription.earliestFrame();
    subscription.schedule = Schedule::Waiting;
    subscription.due = std::max(earliest, now_);
    if (earliest <= now_) {
        dueNow_.push_back(&subscription);
        // Inside a round of changes the round itself ends with runDue().
        if (!inRound_ && !inRun_ && dueNow_.size() == 1) atLatest_(now_);
        return;
    }
    // Within runDue() the timer is set once, at its end.
    if (!inRun_ && (due_.empty() || earliest < due_.begin()->first)) atLatest_(earliest);
    due_[earliest].push_back(&subscription);
}

void SubscriptionTable::gathered(Subscription& subscription) {
    subscription.schedule = Subscription::Schedule::Idle;
    reschedule(subscription);
}

void SubscriptionTable::beginRound() noexcept {
    now_ = SteadyClock::now();
    inRound_ = true;
}

void SubscriptionTable::runDue(SteadyTime now) {
    now_ = now;
    inRound_ = false;
    while (!due_.empty() && due_.begin()->first <= now) {
        const auto waited = due_.extract(due_.begin());
        dueNow_.insert(dueNow_.end(), waited.mapped().begin(), waited.mapped().end());
    }
    inRun_ = true;
    const auto run = std::exchange(dueNow_, {});
    for (std::size_t i = 0; i < run.size(); ++i) {
        fetchAhead(std::span(run).subspan(i));
        run[i]->schedule = Subscription::Schedule::Ready;
        run[i]->owner().onReady(*run[i]);
    }
    inRun_ = false;
    if (!dueNow_.empty()) {
        atLatest_(now_);
    } else if (!due_.empty()) {
        atLatest_(due_.begin()->first);
    }
}

/// Of those that come next, each step of the farther ones: a step needs what the one before has fetched.
void SubscriptionTable::fetchAhead(std::span<Subscription* const> coming) noexcept {
    const auto far = [coming](std::size_t steps) {
        return steps * kAhead < coming.size() ? coming[steps * kAhead] : nullptr;
    };
    if (const auto* subscription = far(4)) prefetch(subscription, sizeof *subscription);
    if (const auto* subscription = far(3)) subscription->fetchAhead();
    if (const auto* subscription = far(2)) subscription->owner().fetchAhead();
    if (const auto* subscription = far(1)) subscription->owner().fetchFurther();
}

bool SubscriptionTable::watch(Subscription& subscription, TagId tag) {
    if (subscription.slots().size() >= subscription.terms().maxTags) return false;
    if (watchers_.size() <= tag.index()) {
        watchers_.resize(tag.index() + 1);
        watched_.resize(tag.index() + 1);
    }
    auto& list = watchers_[tag.index()];
    const auto slot = static_cast<std::uint32_t>(subscription.slots().size());
    subscription.addSlot({tag, static_cast<std::uint32_t>(list.size())});
    list.push_back({&subscription, slot});
    watched_[tag.index()] = true;
    return true;
}

bool SubscriptionTable::watches(const Subscription& subscription, TagId tag) const noexcept {
    return tag.index() < watchers_.size() &&
           std::ranges::any_of(
               watchers_[tag.index()], [&](const auto& w) { return w.subscription == &subscription; });
}

}  // namespace tagwire::serve
