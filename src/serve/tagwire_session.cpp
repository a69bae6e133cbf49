#include "serve/tagwire_session.h"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "serve/shard.h"
#include "serve/web_socket_channel.h"
#include "wire/frames.h"
#include "wire/tag_desc.h"

namespace tagwire::serve {

TagwireSession::TagwireSession(Shard& shard, WebSocketChannel& channel)
    : PushSession(shard, channel), channel_(channel) {}

boost::asio::awaitable<void> TagwireSession::run() {
    const auto& server = shard().server();
    std::string hello;
    wire::appendHello(hello, {.boot = server.boot,
                              .now = wallClockNow(),
                              .ping = server.options.ping,
                              .server = server.product,
                              .limits = sessionLimits(server.options)});
    send(std::move(hello));
    for (const auto& [id, state] : shard().cache().sources()) onSourceState(state);

    while (const auto message = co_await channel_.read()) {
        if (closing()) continue;  // only the closing handshake is awaited now
        shard().counters().messagesReceived.add();
        if (message->binary) {
            close({1003, "binary messages are not part of tagwire.v1: send JSON text"});
            continue;
        }
        handle(message->text);
        co_await answersTaken();
    }
}

void TagwireSession::onSourceState(const SourceState& state) {
    std::string frame;
    wire::appendSrc(frame, state);
    send(std::move(frame));
}

void TagwireSession::handle(std::string_view message) {
    const auto request = wire::parseRequest(message);
    if (request) {
        std::visit([this](const auto& frame) { handle(frame); }, *request);
        return;
    }
    const auto& error = request.error();
    refuse(error.id, error.code, error.message);
    if (error.fatal) close({wire::CloseCode::ProtocolError, "malformed message: see the last err frame"});
}

void TagwireSession::handle(const wire::SubFrame& request) {
    const auto& server = shard().server();
    if (subscriptionCount() >= server.options.maxSubscriptions) {
        refuse(request.id, wire::ErrorCode::TooManySubs,
               fmt::format("this connection has its limit of {} subscriptions; unsubscribe one, or put more "
                           "tags into one",
                           server.options.maxSubscriptions));
        return;
    }
    if (shard().subscriptionsExhausted()) {
        refuse(request.id, wire::ErrorCode::Overloaded,
               "the server has as many subscriptions as it takes; try again later");
        return;
    }
    const auto watched = watchedTags();
    if (watched >= server.options.maxConnectionTags) {
        refuse(request.id, wire::ErrorCode::TooManyTags,
               fmt::format("this connection has its limit of {} tags; unsubscribe some first",
                           server.options.maxConnectionTags));
        return;
    }
    lastSub_ = wire::SubId{lastSub_.value() + 1};
    auto& subscription = addSubscription(std::make_unique<Subscription>(
        *this, SubscriptionTerms{.id = lastSub_,
                                 .mode = request.mode,
                                 .min = std::max(request.min, server.options.minInterval),
                                 .credits = request.credits,
                                 .queueRows = server.options.allQueueRows,
                                 .maxTags = std::min<std::size_t>(
                                     server.options.maxTags, server.options.maxConnectionTags - watched)}));
    auto added = shard().table().add(subscription, request.tags);

    std::string descs;
    const auto inOk = std::min(added.tags.size(), wire::kMaxTagsPerOkFrame);
    for (std::size_t i = 0; i < inOk; ++i) {
        wire::appendTagDesc(descs, *added.tags[i], shard().cache().sourceName(*added.tags[i]));
        descs.push_back(',');
    }
    std::optional<bool> resumed;
    if (request.resume) {
        const auto replay = shard().replay();
        resumed = request.resume->boot == server.boot &&
                  shard().table().startAfter(subscription, request.resume->seq, replay);
    }
    std::string answer;
    wire::appendSubscribed(
        answer,
        {.id = request.id, .sub = lastSub_, .resumed = resumed, .tagDescs = descs, .bad = added.refused});
    send(std::move(answer));
    added.tags.erase(added.tags.begin(), added.tags.begin() + static_cast<std::ptrdiff_t>(inOk));
    sendTags(lastSub_, std::move(added.tags));
    if (!resumed.value_or(false)) shard().table().startWithSnapshot(subscription);
}

void TagwireSession::handle(const wire::UnsubFrame& request) {
    if (findSubscription(request.sub) == nullptr) {
        refuse(request.id, wire::ErrorCode::UnknownSub,
               fmt::format("this connection has no subscription {}", request.sub.value()));
        return;
    }
    removeSubscription(request.sub);
    ok(request.id);
}

void TagwireSession::handle(const wire::CreditFrame& request) {
    auto* subscription = findSubscription(request.sub);
    if (subscription == nullptr) {
        refuse(std::nullopt, wire::ErrorCode::UnknownSub,
               fmt::format("this connection has no subscription {}", request.sub.value()));
        return;
    }
    subscription->addCredits(request.n);
    shard().table().reschedule(*subscription);
}

void TagwireSession::handle(const wire::ClientPingFrame& request) {
    std::string pong;
    wire::appendPong(pong, request.id, wallClockNow());
    send(std::move(pong));
}

void TagwireSession::handle(const wire::HistFrame& request) { history().ask(request); }

void TagwireSession::handle(const wire::CancelFrame& request) { history().cancel(request.id); }

HistoryRequests& TagwireSession::history() {
    if (!history_) {
        history_ = std::make_unique<HistoryRequests>(
            shard(), HistoryRequests::Outlet{
                         .send = [this](std::unique_ptr<AnswerInParts> answer) { send(std::move(answer)); },
                         .refuse = [this](wire::RequestId id,
                                          const HistoryRefusal& refusal) { refuseHistory(id, refusal); }});
    }
    return *history_;
}

void TagwireSession::refuseHistory(wire::RequestId id, const HistoryRefusal& refusal) {
    if (refusal.code != wire::ErrorCode::Cancelled) return refuse(id, refusal.code, refusal.message);
    // Whoever looks about in a chart cancels often: that is no wrong request.
    std::string frame;
    wire::appendErr(frame, id, refusal.code, refusal.message);
    send(std::move(frame));
}

void TagwireSession::refuse(std::optional<wire::RequestId> id, wire::ErrorCode code,
                            std::string_view message) {
    shard().counters().errorsAnswered.add();
    std::string frame;
    wire::appendErr(frame, id, code, message);
    send(std::move(frame));

    const auto now = SteadyClock::now();
    errors_.push_back(now);
    if (errors_.size() <= wire::kErrorBurst) return;
    errors_.erase(errors_.begin());
    if (now - errors_.front() < wire::kErrorBurstWindow) {
        close({wire::CloseCode::ProtocolError, "too many wrong requests in a short time"});
    }
}

void TagwireSession::ok(wire::RequestId id) {
    std::string frame;
    wire::appendOk(frame, id);
    send(std::move(frame));
}

bool TagwireSession::gather(Subscription& subscription, std::string& out) {
    return subscription.gather(out, shard().cache(), kFrameBytes).any;
}

void TagwireSession::appendTagsFrame(std::string& out, wire::SubId subscription, std::string_view tagDescs) {
    wire::appendTags(out, subscription, tagDescs);
}

void TagwireSession::appendPing(std::string& out) { wire::appendPing(out, wallClockNow()); }

}  // namespace tagwire::serve
