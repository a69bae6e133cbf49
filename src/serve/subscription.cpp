#include "serve/subscription.h"

#include <algorithm>
#include <utility>

#include "serve/tag_cache.h"
#include "wire/frames.h"

namespace tagwire::serve {
namespace {

/// Queued rows of mode All are cut into frames of about this size.
constexpr std::size_t kSegmentBytes = std::size_t{64} * 1024;

}  // namespace

Subscription::Subscription(SubscriptionOwner& owner, SubscriptionTerms terms)
    : owner_(owner), terms_(terms), initialCredits_(terms.credits.value_or(0)) {}

void Subscription::markDirty(std::size_t slot) {
    if (std::exchange(slots_[slot].dirty, true)) return;
    dirty_.push_back(static_cast<std::uint32_t>(slot));
}

void Subscription::onChange(std::size_t slot, std::string_view row, Timestamp base, ChangeNumber number) {
    if (terms_.mode == wire::Mode::Latest) {
        markDirty(slot);
        return;
    }
    if (slots_[slot].dirty) {
        // The unsent value gives way to this one. In a snapshot that is no loss: it shows the latest by
        // definition.
        if (conflating_) ++skipped_;
        return;
    }
    if (!conflating_ && queuedRows_ < terms_.queueRows) {
        enqueue(row, base, number);
        return;
    }
    if (!std::exchange(conflating_, true)) lagDue_ = true;
    markDirty(slot);
}

void Subscription::onFeedSkipped(std::uint64_t atMost) {
    if (terms_.mode != wire::Mode::All || atMost == 0) return;
    skipped_ += atMost;
    conflating_ = true;
    lagDue_ = true;
}

void Subscription::enqueue(std::string_view row, Timestamp base, ChangeNumber number) {
    if (queue_.empty() || queue_.back().base != base || queue_.back().rows.size() >= kSegmentBytes) {
        queue_.push_back(Segment{base, {}, 0, {}});
    }
    Segment& segment = queue_.back();
    segment.rows.append(row).push_back(',');
    ++segment.count;
    segment.last = number;
    ++queuedRows_;
}

void Subscription::addCredits(std::uint32_t n) noexcept {
    if (terms_.credits) terms_.credits = std::min(*terms_.credits + n, initialCredits_);
}

Subscription::Gathered Subscription::gather(std::string& out, TagCache& cache, std::size_t maxBytes) {
    out.clear();
    if (blockedByCredits()) return {};
    const bool snapshotFirst = !conflating_ && (snapshot_ || !dirty_.empty());
    Gathered gathered;
    if (!snapshotFirst && !queue_.empty()) {
        gathered = gatherQueued(out);
    } else if (lagDue_) {
        lagDue_ = false;
        wire::appendLag(out, terms_.id, skipped_,
                        conflating_ ? wire::LagState::Conflating : wire::LagState::Current);
        return {.any = true, .lag = true, .completeUpTo = {}};
    } else if (!dirty_.empty() || snapshot_) {
        gathered = gatherDirty(out, cache, maxBytes);
    } else {
        return {};
    }
    // What is one whole in several frames, and a backlog, is not slowed down by the interval.
    const bool goesOn = !queue_.empty() || !dirty_.empty() || lagDue_;
    earliest_ = goesOn ? SteadyTime{} : SteadyClock::now() + terms_.min;
    if (terms_.credits) --*terms_.credits;
    return gathered;
}

Subscription::Gathered Subscription::gatherQueued(std::string& out) {
    const Segment segment = std::move(queue_.front());
    queue_.pop_front();
    queuedRows_ -= segment.count;
    wire::beginData(out, {.sub = terms_.id, .seq = segment.last, .base = segment.base, .snapshot = false});
    out.append(segment.rows);
    wire::endData(out, false);
    return {.any = true, .lag = false, .completeUpTo = segment.last};
}

Subscription::Gathered Subscription::gatherDirty(std::string& out, TagCache& cache, std::size_t maxBytes) {
    wire::beginData(out,
                    {.sub = terms_.id, .seq = cache.last(), .base = cache.base(), .snapshot = snapshot_});
    std::size_t sent = 0;
    while (sent < dirty_.size() && out.size() < maxBytes) {
        Slot& slot = slots_[dirty_[sent++]];
        slot.dirty = false;
        const auto* entry = cache.find(slot.tag);
        if (entry == nullptr || entry->number == ChangeNumber{}) continue;  // declared, but never had a value
        out.append(cache.row(slot.tag)).push_back(',');
    }
    dirty_.erase(dirty_.begin(), dirty_.begin() + static_cast<std::ptrdiff_t>(sent));
    const bool more = !dirty_.empty();
    wire::endData(out, more);
    if (more) return {.any = true, .lag = false, .completeUpTo = {}};
    snapshot_ = false;
    if (std::exchange(conflating_, false)) lagDue_ = true;
    return {.any = true, .lag = false, .completeUpTo = cache.last()};
}

std::vector<TagId> Subscription::takeDirty(std::size_t most) {
    std::vector<TagId> tags;
    const auto count = std::min(most, dirty_.size());
    tags.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Slot& slot = slots_[dirty_[i]];
        slot.dirty = false;
        tags.push_back(slot.tag);
    }
    dirty_.erase(dirty_.begin(), dirty_.begin() + static_cast<std::ptrdiff_t>(count));
    snapshot_ = false;
    earliest_ = dirty_.empty() ? SteadyClock::now() + terms_.min : SteadyTime{};
    return tags;
}

}  // namespace tagwire::serve
