#include "serve/subscription.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "serve/tag_cache.h"
#include "wire/frames.h"

namespace tagwire::serve {
namespace {

/// Queued rows of mode All are cut into frames of about this size.
constexpr std::size_t kSegmentBytes = std::size_t{64} * 1024;

/// Rows that are fetched together, before they are copied.
constexpr std::size_t kRowsAtOnce = 32;

/// Due times are rounded up to a part of the interval: a fifth of it, halved until it is short enough.
constexpr std::int64_t kFewestSteps = 5;
constexpr std::int64_t kMostSteps = kFewestSteps * 64;
constexpr std::chrono::milliseconds kCoarsestGrid{20};

/// Divides `interval` without a rest (a millisecond has 5^6 * 2^6 ns), so that whoever is on the grid stays
/// there.
SteadyTime::duration gridOf(std::chrono::milliseconds interval) noexcept {
    std::int64_t steps = kFewestSteps;
    while (interval > kCoarsestGrid * steps && steps < kMostSteps) steps *= 2;
    return std::chrono::nanoseconds(interval) / steps;
}

/// By this part of the interval two frames may follow each other more closely than that when the first was
/// late.
constexpr int kMostMadeUp = 5;

}  // namespace

Subscription::Subscription(SubscriptionOwner& owner, SubscriptionTerms terms)
    : terms_(std::move(terms)), owner_(owner), initialCredits_(terms_.credits.value_or(0)) {}

void Subscription::addSlot(Slot slot) {
    slots_.push_back(slot);
    dirty_.grow(slots_.size());
}

void Subscription::onChangeOfAll(std::size_t slot, std::string_view row, Timestamp base,
                                 ChangeNumber number) {
    if (dirty_.contains(slot)) {
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
    if (goesOn) {
        earliest_ = {};
    } else {
        waitFromNow();
    }
    if (terms_.credits) --*terms_.credits;
    return gathered;
}

void Subscription::waitFromNow() noexcept {
    const auto now = SteadyClock::now();
    // A frame that was a little late does not put off all that follow: otherwise a tag that changes every
    // `min` would now and then change twice between two frames. Due times lie on a grid, so that many
    // subscriptions share a wake-up of the thread.
    const auto grid = gridOf(terms_.min);
    const auto from = std::clamp(due, now - SteadyTime::duration(terms_.min) / kMostMadeUp, now);
    earliest_ = from + terms_.min;
    if (grid.count() == 0) return;
    if (const auto over = earliest_.time_since_epoch() % grid; over.count() > 0) earliest_ += grid - over;
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
    {
        RowWriter rows(out);
        std::array<std::uint32_t, kRowsAtOnce> some{};
        while (!dirty_.empty() && rows.size() < maxBytes) {
            const auto taken = dirty_.take(some);
            for (const std::uint32_t slot : taken) prefetch(&slots_[slot], sizeof(Slot));
            for (const std::uint32_t slot : taken) cache.fetchAhead(slots_[slot].tag);
            for (const std::uint32_t slot : taken) {
                if (rows.size() < maxBytes) {
                    cache.appendRow(rows, slots_[slot].tag);
                } else {
                    markDirty(slot);
                }
            }
        }
    }
    const bool more = !dirty_.empty();
    wire::endData(out, more);
    if (more) return {.any = true, .lag = false, .completeUpTo = {}};
    snapshot_ = false;
    if (std::exchange(conflating_, false)) lagDue_ = true;
    return {.any = true, .lag = false, .completeUpTo = cache.last()};
}

std::vector<TagId> Subscription::takeDirty(std::size_t most) {
    std::vector<TagId> tags;
    std::vector<std::uint32_t> some(std::min(most, dirty_.size()));
    tags.reserve(some.size());
    for (const std::uint32_t slot : dirty_.take(some)) tags.push_back(slots_[slot].tag);
    snapshot_ = false;
    if (dirty_.empty()) {
        waitFromNow();
    } else {
        earliest_ = {};
    }
    return tags;
}

}  // namespace tagwire::serve
