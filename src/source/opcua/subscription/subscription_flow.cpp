#include "source/opcua/subscription/subscription_flow.h"

#include <algorithm>
#include <utility>

namespace tagwire::source::opcua {
namespace {

bool isKeepAlive(const EncodedNotificationMessage& message) noexcept {
    return message.notificationDataSize == 0;
}

}  // namespace

void SubscriptionFlow::take(EncodedNotificationMessage& message, std::span<const UA_UInt32> available) {
    lastHeard_ = SteadyClock::now();
    if (isKeepAlive(message)) counters_.keepAlives.add();
    const bool waits = !missing_.empty();
    if (!waits && process(message, available)) return;

    Held& held =
        held_.emplace_back(Held{{}, std::vector<std::uint32_t>(available.begin(), available.end()), !waits});
    std::swap(held.message.get(), message);
    if (held_.size() > kMaxHeld) {
        lost_ += static_cast<std::uint32_t>(missing_.size());
        missing_.clear();
        goOn();
    }
}

bool SubscriptionFlow::process(const EncodedNotificationMessage& message,
                               std::span<const std::uint32_t> available) {
    const std::uint32_t number = message.sequenceNumber;
    const std::uint32_t first = sequence_.started() ? sequence_.expected() : number;
    const auto verdict = sequence_.take(number, isKeepAlive(message));
    if (verdict.repeated) {
        if (isKeepAlive(message)) return true;
        if (++repeatedInRow_ <= kMaxRepeated) {
            counters_.messagesRepeated.add();
            owner_.acknowledge(subscription_.id, number);
            return true;
        }
        // Better a gap that is told than silence for ever.
        sequence_.expect(SequenceTracker::following(number));
        counters_.messagesLost.add();
        owner_.announceLoss(subscription_.id, 1);
    } else if (!isKeepAlive(message)) {
        repeatedInRow_ = 0;
    }
    if (verdict.missing > 0) {
        want(first, verdict.missing, available);
        if (!missing_.empty()) {
            owner_.askAgain(subscription_.id, missing_.front());
            return false;
        }
        counters_.messagesLost.add(lost_);
        owner_.announceLoss(subscription_.id, std::exchange(lost_, 0));
    }
    accept(message);
    return true;
}

void SubscriptionFlow::accept(const EncodedNotificationMessage& message) {
    if (isKeepAlive(message)) return;
    owner_.acknowledge(subscription_.id, message.sequenceNumber);
    owner_.deliver(message);
}

void SubscriptionFlow::want(std::uint32_t first, std::uint32_t count,
                            std::span<const std::uint32_t> available) {
    std::vector<std::uint32_t> found;
    for (const std::uint32_t number : available) {
        const std::int32_t behind = SequenceTracker::distance(first, number);
        if (behind >= 0 && static_cast<std::uint32_t>(behind) < count) found.push_back(number);
    }
    std::ranges::sort(found, {}, [first](std::uint32_t number) { return number - first; });
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    if (found.size() > kMaxRecovered) found.resize(kMaxRecovered);
    lost_ += count - static_cast<std::uint32_t>(found.size());
    missing_.assign(found.begin(), found.end());
}

void SubscriptionFlow::recover(std::span<const UA_UInt32> available) {
    if (!sequence_.started()) {
        // Nothing has ever come: the oldest that the server kept is the first.
        if (available.empty()) return;
        sequence_.expect(*std::ranges::min_element(available));
    }
    const std::uint32_t first = sequence_.expected();
    std::int32_t last = -1;
    for (const std::uint32_t number : available) {
        const std::int32_t behind = SequenceTracker::distance(first, number);
        if (behind < 0) owner_.acknowledge(subscription_.id, number);
        last = std::max(last, behind);
    }
    if (last < 0) return;
    const auto count = static_cast<std::uint32_t>(last) + 1;
    want(first, count, available);
    sequence_.expect(SequenceTracker::following(first + count - 1));
    owner_.askAgain(subscription_.id, missing_.front());
}

void SubscriptionFlow::onRepublished(std::uint32_t number, StatusCode status,
                                     EncodedNotificationMessage& message) {
    // Given up meanwhile, or answered twice.
    if (missing_.empty() || missing_.front() != number) return;
    lastHeard_ = SteadyClock::now();
    missing_.pop_front();
    if (status.isBad() || message.sequenceNumber != number) {
        ++lost_;
    } else {
        counters_.republished.add();
        accept(message);
    }
    if (missing_.empty()) {
        goOn();
    } else {
        owner_.askAgain(subscription_.id, missing_.front());
    }
}

/// Nothing is asked for any more: delivers what waits, up to the next hole.
void SubscriptionFlow::goOn() {
    if (lost_ > 0) {
        counters_.messagesLost.add(lost_);
        owner_.announceLoss(subscription_.id, std::exchange(lost_, 0));
    }
    while (!held_.empty()) {
        Held held = std::move(held_.front());
        held_.pop_front();
        if (held.counted) {
            accept(held.message.get());
        } else if (!process(held.message.get(), held.available)) {
            held.counted = true;
            held_.push_front(std::move(held));
            return;
        }
    }
}

SequenceTracker SubscriptionFlow::past() const noexcept {
    SequenceTracker past = sequence_;
    if (!missing_.empty()) past.expect(missing_.front());
    return past;
}

}  // namespace tagwire::source::opcua
