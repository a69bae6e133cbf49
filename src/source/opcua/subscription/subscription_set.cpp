#include "source/opcua/subscription/subscription_set.h"

#include <algorithm>

#include "base/log.h"
#include "source/opcua/subscription/subscription_request.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseAfterLoss{200};
/// Ids that need not be deleted once more when something late comes from them.
constexpr std::size_t kMaxDeleted = 256;

}  // namespace

SubscriptionSet::Place SubscriptionSet::placeFor(milliseconds interval, SteadyTime now) {
    bool comes = false;
    for (SubscriptionSlot slot = 0; slot < slots_.size(); ++slot) {
        const Slot& each = slots_[slot];
        if (each.interval != interval || each.phase == Phase::Gone) continue;
        if (each.phase == Phase::Creating) {
            comes = true;
        } else if (each.items < each.limit) {
            return {.kind = Place::Kind::Ready, .slot = slot, .room = each.limit - each.items};
        }
    }
    if (comes) return {.kind = Place::Kind::Wait};
    if (refused_.isGood() && ready_ + creating_ < kMaxSubscriptions) {
        if (now >= pausedUntil_ && fault_.isGood()) create(interval);
        return {.kind = Place::Kind::Wait};
    }
    // No further one: share another interval's rather than go without.
    if (const auto slot = nearest(interval)) {
        const Slot& each = slots_[*slot];
        return {.kind = Place::Kind::Ready, .slot = *slot, .room = each.limit - each.items};
    }
    if (creating_ > 0) return {.kind = Place::Kind::Wait};
    return {.kind = Place::Kind::Refused,
            .why = refused_.isBad() ? refused_ : StatusCode{UA_STATUSCODE_BADTOOMANYSUBSCRIPTIONS}};
}

std::optional<SubscriptionSlot> SubscriptionSet::nearest(milliseconds interval) const {
    std::optional<SubscriptionSlot> best;
    for (SubscriptionSlot slot = 0; slot < slots_.size(); ++slot) {
        const Slot& each = slots_[slot];
        if (each.phase != Phase::Ready || each.items >= each.limit) continue;
        if (!best ||
            std::chrono::abs(each.interval - interval) < std::chrono::abs(slots_[*best].interval - interval))
            best = slot;
    }
    return best;
}

void SubscriptionSet::create(milliseconds interval) {
    // The same silence is too long whatever the interval, and the same time to come back is long enough.
    const auto keepAlive = options_.publishingInterval * options_.keepAliveCount;
    const auto lifetime = options_.publishingInterval * options_.lifetimeCount;
    const auto keepAliveCount = std::max<std::int64_t>(1, keepAlive / interval);
    const SubscriptionWish wish{.interval = interval,
                                .keepAliveCount = static_cast<std::uint32_t>(keepAliveCount),
                                .lifetimeCount = static_cast<std::uint32_t>(
                                    std::max<std::int64_t>(3 * keepAliveCount, lifetime / interval))};
    const auto slot = static_cast<SubscriptionSlot>(slots_.size());
    slots_.push_back({.interval = interval, .granted = {}, .limit = limit_});
    ++creating_;
    const StatusCode sent = requestSubscription(
        client_, wish,
        [this, slot](StatusCode status, const Subscription& granted) { onCreated(slot, status, granted); });
    if (sent.isBad()) fault_ = sent;
}

void SubscriptionSet::onCreated(SubscriptionSlot slot, StatusCode result, const Subscription& granted) {
    --creating_;
    Slot& made = slots_[slot];
    if (result.isBad()) {
        made.phase = Phase::Gone;
        if (result.code() == UA_STATUSCODE_BADTOOMANYSUBSCRIPTIONS && ready_ + creating_ > 0) {
            refused_ = result;
        } else {
            fault_ = result;
        }
        return;
    }
    made.granted = granted;
    if (made.granted.id == 0 || slotOf(made.granted.id)) {
        // Ids begin with 1 (OPC 10000-4, 5.14.2.2), and two of the same cannot be told apart.
        made.phase = Phase::Gone;
        fault_ = StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE};
        return;
    }
    made.phase = Phase::Ready;
    ++ready_;
    std::erase(deleted_, made.granted.id);
    counters_.subscriptionsCreated.add();
    publish_.add(made.granted);
}

SubscriptionSlot SubscriptionSet::adopt(const SubscriptionRecord& record) {
    const auto slot = static_cast<SubscriptionSlot>(slots_.size());
    slots_.push_back({.phase = Phase::Ready,
                      .interval = record.interval,
                      .granted = record.granted,
                      .items = record.items,
                      .limit = record.room});
    ++ready_;
    publish_.add(record.granted, record.past);
    return slot;
}

void SubscriptionSet::take(SubscriptionSlot slot, std::size_t items) { slots_[slot].items += items; }

void SubscriptionSet::give(SubscriptionSlot slot, std::size_t items) {
    letGo(slot, items);
    if (slots_[slot].items == 0 && slots_[slot].phase == Phase::Ready) giveUp(slot);
}

void SubscriptionSet::letGo(SubscriptionSlot slot, std::size_t items) {
    slots_[slot].items -= std::min(slots_[slot].items, items);
}

std::size_t SubscriptionSet::held(SubscriptionSlot slot, std::size_t refused) const noexcept {
    return slots_[slot].items - std::min(slots_[slot].items, refused);
}

void SubscriptionSet::full(SubscriptionSlot slot, std::size_t refused) {
    slots_[slot].limit = std::min(slots_[slot].limit, held(slot, refused));
    limit_ = std::min(limit_, std::max<std::size_t>(1, slots_[slot].limit));
}

void SubscriptionSet::giveUp(SubscriptionSlot slot) {
    Slot& lost = slots_[slot];
    if (lost.phase != Phase::Ready) return;
    lost.phase = Phase::Gone;
    --ready_;
    pausedUntil_ = SteadyClock::now() + kPauseAfterLoss;
    publish_.remove(lost.granted.id);
    deleteAtServer(lost.granted.id);
}

void SubscriptionSet::deleteStranger(std::uint32_t subscription) {
    // The answer that makes it ours may still be on its way.
    if (creating_ > 0 || slotOf(subscription)) return;
    if (std::ranges::find(deleted_, subscription) == deleted_.end()) deleteAtServer(subscription);
}

void SubscriptionSet::deleteAtServer(std::uint32_t subscription) {
    if (deleted_.size() >= kMaxDeleted) deleted_.erase(deleted_.begin());
    deleted_.push_back(subscription);
    Ua<UA_DeleteSubscriptionsRequest> request;
    request->subscriptionIds = &subscription;
    request->subscriptionIdsSize = 1;
    static_cast<void>(client_.call<UA_DeleteSubscriptionsResponse>(
        request, [subscription](UA_DeleteSubscriptionsResponse& response) {
            const StatusCode status{response.responseHeader.serviceResult};
            if (status.isBad())
                log::debug("opcua", "deleting subscription {}: {}", subscription, statusText(status));
        }));
    // Only lent to the request.
    request->subscriptionIds = nullptr;
    request->subscriptionIdsSize = 0;
}

std::optional<SubscriptionSlot> SubscriptionSet::slotOf(std::uint32_t subscription) const noexcept {
    const auto found = std::ranges::find_if(slots_, [subscription](const Slot& slot) {
        return slot.phase == Phase::Ready && slot.granted.id == subscription;
    });
    if (found == slots_.end()) return std::nullopt;
    return static_cast<SubscriptionSlot>(found - slots_.begin());
}

std::vector<SubscriptionRecord> SubscriptionSet::records() const {
    std::vector<SubscriptionRecord> records;
    records.reserve(slots_.size());
    for (const Slot& slot : slots_) {
        auto& record = records.emplace_back();
        if (slot.phase != Phase::Ready) continue;
        const SubscriptionFlow* flow = publish_.find(slot.granted.id);
        record = {.granted = slot.granted,
                  .interval = slot.interval,
                  .past = flow != nullptr ? flow->past() : SequenceTracker{},
                  .items = slot.items,
                  .room = slot.limit,
                  .uncertain = slot.calls > 0};
    }
    return records;
}

}  // namespace tagwire::source::opcua
