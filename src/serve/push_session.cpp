#include "serve/push_session.h"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "serve/shard.h"
#include "wire/tag_desc.h"

namespace tagwire::serve {
namespace {

/// Frames to one client before the others have their turn.
constexpr std::size_t kFramesAtOnce = 4;
/// Answers that may wait for a client before its next request is read.
constexpr std::size_t kMaxAnswerBytes = std::size_t{1024} * 1024;
/// For the closing handshake, before the connection is cut.
constexpr std::chrono::seconds kCloseTimeout{1};

}  // namespace

PushSession::PushSession(Shard& shard, PushChannel& channel)
    : shard_(shard), channel_(channel), lastWrite_(SteadyClock::now()), answersTaken_(shard.context()) {
    channel_.onWritten = [this](bool ok) {
        writing_ = false;
        if (!ok) {
            // The channel may be closing by itself, after an offence: it has its time for that.
            if (!std::exchange(closing_, true)) closeDeadline_ = SteadyClock::now() + kCloseTimeout;
            closeReason_.reset();
            answersTaken_.cancel();
            return;
        }
        pump();
    };
    shard_.enter(*this);
}

PushSession::~PushSession() {
    channel_.onWritten = nullptr;
    for (auto& [id, subscription] : subscriptions_) shard_.table().remove(*subscription);
    shard_.leave(*this);
}

void PushSession::onReady(Subscription& subscription) {
    ready_.push_back(&subscription);
    pump();
}

void PushSession::onTags(Subscription& subscription, const std::vector<SharedTagInfo>& tags) {
    sendTags(subscription.id(), tags);
}

void PushSession::sweep(SteadyTime now, Timestamp time) {
    if (!closing_ && grant_ && !grant_->stands(time)) return endUnallowed();
    const auto& options = shard_.server().options;
    if (closing_) {
        if (now > closeDeadline_) channel_.cut();
    } else if (writing_) {
        if (now - writeStarted_ > options.slowClient) {
            shard_.counters().slowClients.add();
            close({wire::CloseCode::TooSlow, "too slow: the client did not take a frame in time"});
        }
    } else if (now - lastWrite_ >= options.ping) {
        std::string ping;
        appendPing(ping);
        send(std::move(ping));
    }
    if (!closing_) onSweep(now);
}

void PushSession::endUnallowed() {
    onEnd(false);
    answers_.clear();
    answerBytes_ = 0;
    close({wire::CloseCode::Authenticate, "the session or token has ended: log in again"});
}

void PushSession::close(CloseReason reason) {
    if (std::exchange(closing_, true)) return;
    onEnd(true);
    closeDeadline_ = SteadyClock::now() + kCloseTimeout;
    closeReason_ = std::move(reason);
    answersTaken_.cancel();
    pump();
}

void PushSession::send(std::string frame) {
    if (closing_) return;
    answerBytes_ += frame.size();
    answers_.emplace_back(std::move(frame));
    pump();
}

void PushSession::send(std::unique_ptr<AnswerInParts> answer) {
    if (closing_) return;
    answers_.emplace_back(std::move(answer));
    pump();
}

void PushSession::sendTags(wire::SubId subscription, std::vector<SharedTagInfo> tags) {
    if (closing_ || tags.empty()) return;
    answers_.emplace_back(PendingTags{subscription, std::move(tags)});
    pump();
}

boost::asio::awaitable<void> PushSession::answersTaken() {
    while (!closing_ && answerBytes_ > kMaxAnswerBytes) {
        answersTaken_.expires_at(SteadyTime::max());
        co_await answersTaken_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

Subscription& PushSession::addSubscription(std::unique_ptr<Subscription> subscription) {
    return *subscriptions_.emplace(subscription->id(), std::move(subscription)).first->second;
}

Subscription* PushSession::findSubscription(wire::SubId id) {
    const auto it = subscriptions_.find(id);
    return it == subscriptions_.end() ? nullptr : it->second.get();
}

std::size_t PushSession::watchedTags() const noexcept {
    std::size_t sum = 0;
    for (const auto& [id, subscription] : subscriptions_) sum += subscription->slots().size();
    return sum;
}

void PushSession::removeSubscription(wire::SubId id) {
    const auto it = subscriptions_.find(id);
    if (it == subscriptions_.end()) return;
    shard_.table().remove(*it->second);
    const auto gone = std::ranges::remove(ready_, it->second.get());
    ready_.erase(gone.begin(), gone.end());
    subscriptions_.erase(it);
}

void PushSession::pump() {
    if (writing_ || (closing_ && !closeReason_)) return;
    std::string().swap(frame_);  // an assignment would keep the memory
    std::string& frame = shard_.frameBuffer();
    for (std::size_t sent = 0;; ++sent) {
        if (!nextFrame(frame)) {
            if (closeReason_) channel_.close(*std::exchange(closeReason_, std::nullopt));
            return;
        }
        writeStarted_ = lastWrite_ = SteadyClock::now();
        shard_.counters().framesSent.add();
        shard_.counters().bytesSent.add(frame.size());
        // A client with much to get takes turns with the others.
        const auto result = sent < kFramesAtOnce ? channel_.tryWrite(frame) : PushChannel::Sent::Never;
        if (result == PushChannel::Sent::Now) continue;
        writing_ = true;
        if (result == PushChannel::Sent::Soon) return;
        frame_ = frame;
        channel_.write(frame_);
        return;
    }
}

bool PushSession::nextFrame(std::string& frame) {
    // A long answer takes turns with what is live.
    if (std::exchange(partWritten_, false) && nextData(frame)) return true;
    return nextAnswer(frame) || nextData(frame);
}

bool PushSession::nextAnswer(std::string& frame) {
    if (answers_.empty()) return false;
    if (auto* pending = std::get_if<PendingTags>(&answers_.front())) {
        encodeTags(*pending, frame);
        if (pending->next == pending->tags.size()) answers_.pop_front();
    } else if (auto* parts = std::get_if<std::unique_ptr<AnswerInParts>>(&answers_.front())) {
        frame.clear();
        partWritten_ = (*parts)->next(frame);
        if (!partWritten_) answers_.pop_front();
    } else {
        frame = std::get<std::string>(answers_.front());
        answers_.pop_front();
        answerBytes_ -= frame.size();
        if (answerBytes_ <= kMaxAnswerBytes) answersTaken_.cancel();
    }
    return true;
}

bool PushSession::nextData(std::string& frame) {
    if (closing_) return false;
    while (!ready_.empty()) {
        Subscription& subscription = *ready_.front();
        ready_.erase(ready_.begin());
        const bool any = gather(subscription, frame);
        shard_.table().gathered(subscription);
        if (any) return true;
    }
    return false;
}

void PushSession::encodeTags(PendingTags& pending, std::string& frame) {
    std::string descs;
    const auto end = std::min(pending.next + wire::kMaxTagsPerOkFrame, pending.tags.size());
    for (; pending.next < end; ++pending.next) {
        const auto& info = *pending.tags[pending.next];
        wire::appendTagDesc(descs, info, shard_.cache().sourceName(info));
        descs.push_back(',');
    }
    frame.clear();
    appendTagsFrame(frame, pending.subscription, descs);
}

}  // namespace tagwire::serve
