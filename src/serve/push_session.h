/// What all sessions that push have in common: answers first, then the frames of the subscriptions whose time
/// has come, one write at a time. Nothing is queued for a slow client but its answers. Thread: the shard's.
/// Lifetime: within the connection's coroutine; registered with the shard while it lives.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/container/small_vector.hpp>

#include "access/grant.h"
#include "base/time.h"
#include "model/source_state.h"
#include "serve/answer_in_parts.h"
#include "serve/push_channel.h"
#include "serve/subscription.h"

namespace tagwire::serve {

class Shard;

class PushSession : public SubscriptionOwner {
public:
    PushSession(Shard& shard, PushChannel& channel);
    ~PushSession() override;
    PushSession(const PushSession&) = delete;
    PushSession& operator=(const PushSession&) = delete;

    void onReady(Subscription& subscription) final;
    void onTags(Subscription& subscription, const std::vector<SharedTagInfo>& tags) override;
    void fetchAhead() const noexcept final { prefetch(&channel_, kChannelBytes); }
    void fetchFurther() const noexcept final { channel_.fetchAhead(); }
    virtual void onSourceState(const SourceState& state) = 0;

    /// Twice a second: ends what is not allowed any more, pings the client that heard nothing, cuts the one
    /// that takes nothing.
    void sweep(SteadyTime now, Timestamp time);
    void close(CloseReason reason);

protected:
    /// Frames stay below about this size; larger snapshots come in several.
    static constexpr std::size_t kFrameBytes = std::size_t{256} * 1024;

    [[nodiscard]] Shard& shard() const noexcept { return shard_; }

    /// The session lasts no longer than the grant; null: it depends on none.
    void holdTo(access::SharedGrant grant) noexcept { grant_ = std::move(grant); }
    /// Called with each sweep of a session that goes on.
    virtual void onSweep(SteadyTime /*now*/) {}
    /// The session ends: nothing that the client sends counts any more. `allowed`: not because its grant did.
    virtual void onEnd(bool allowed) { static_cast<void>(allowed); }

    /// An answer or announcement; goes out before any further data. `frame` is complete as the channel sends
    /// it.
    void send(std::string frame);
    /// The same for an answer of many frames.
    void send(std::unique_ptr<AnswerInParts> answer);
    /// Descriptions of a subscription's tags, encoded piece by piece when their turn comes.
    void sendTags(wire::SubId subscription, std::vector<SharedTagInfo> tags);

    /// Answers that the client has not taken yet are bounded by reading no further requests: await before the
    /// next.
    boost::asio::awaitable<void> answersTaken();

    /// Writes the next frame of a subscription that is ready.
    virtual bool gather(Subscription& subscription, std::string& out) = 0;
    virtual void appendTagsFrame(std::string& out, wire::SubId subscription, std::string_view tagDescs) = 0;
    virtual void appendPing(std::string& out) = 0;

    Subscription& addSubscription(std::unique_ptr<Subscription> subscription);
    [[nodiscard]] Subscription* findSubscription(wire::SubId id);
    void removeSubscription(wire::SubId id);
    [[nodiscard]] std::size_t subscriptionCount() const noexcept { return subscriptions_.size(); }
    /// Tags of all subscriptions, each counted as often as it is watched.
    [[nodiscard]] std::size_t watchedTags() const noexcept;
    [[nodiscard]] bool closing() const noexcept { return closing_; }

private:
    /// Of a channel, that is touched when a frame is sent.
    static constexpr std::size_t kChannelBytes = 128;

    struct PendingTags {
        wire::SubId subscription;
        std::vector<SharedTagInfo> tags;
        std::size_t next = 0;
    };

    /// What waits to be sent is dropped, too.
    void endUnallowed();
    void pump();
    /// False: there is none.
    bool nextFrame(std::string& frame);
    bool nextAnswer(std::string& frame);
    bool nextData(std::string& frame);
    void encodeTags(PendingTags& pending, std::string& frame);

    Shard& shard_;
    PushChannel& channel_;
    access::SharedGrant grant_;
    std::unordered_map<wire::SubId, std::unique_ptr<Subscription>> subscriptions_;
    // Lists and vectors, because an empty deque takes half a kilobyte, and most sessions are idle.
    std::list<std::variant<std::string, PendingTags, std::unique_ptr<AnswerInParts>>> answers_;
    std::size_t answerBytes_ = 0;
    boost::container::small_vector<Subscription*, 2> ready_;
    std::string frame_;         ///< only while it is being written
    bool partWritten_ = false;  ///< the last frame was one of many: data may go before the next
    bool writing_ = false;
    bool closing_ = false;  ///< takes no requests and sends no data any more
    std::optional<CloseReason>
        closeReason_;  ///< until the answers are out, which may say more than the reason
    SteadyTime writeStarted_{};
    SteadyTime lastWrite_;
    SteadyTime closeDeadline_{};
    boost::asio::steady_timer answersTaken_;
};

}  // namespace tagwire::serve
