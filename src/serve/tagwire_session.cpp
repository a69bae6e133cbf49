#include "serve/tagwire_session.h"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "access/gate.h"
#include "serve/admission.h"
#include "serve/frame_rules.h"
#include "serve/shard.h"
#include "serve/web_socket_channel.h"
#include "wire/frames.h"
#include "wire/tag_desc.h"

namespace tagwire::serve {

using access::Action;
using access::Decision;
using access::Gate;

namespace {

/// Whoever may do nothing has so long to log in.
constexpr std::chrono::seconds kLoginTime{10};
/// Wrong tokens of one connection, before it is closed.
constexpr std::uint32_t kMaxWrongTokens = 5;

std::optional<wire::RequestId> idOf(const wire::ClientFrame& frame) {
    return std::visit(
        [](const auto& one) -> std::optional<wire::RequestId> {
            if constexpr (requires { one.id; }) {
                return one.id;
            } else {
                return std::nullopt;
            }
        },
        frame);
}

}  // namespace

TagwireSession::TagwireSession(Shard& shard, WebSocketChannel& channel, Caller caller)
    : PushSession(shard, channel), channel_(channel), caller_(std::move(caller)), begun_(SteadyClock::now()) {
    holdTo(caller_.grant);
}

std::shared_ptr<const access::Principal> TagwireSession::principal() const {
    return caller_.grant ? caller_.principal : shard().server().callers.unknown(caller_.local);
}

bool TagwireSession::admits(const wire::ClientFrame& frame) {
    const auto action = actionOf(frame);
    caller_.principal = principal();
    const auto decision = Gate::mayBegin(*caller_.principal, action);
    if (decision == Decision::Allowed) return true;
    const bool known = decision == Decision::Forbidden;
    if (known) shard().server().denials.record(caller_, action, {}, wallClockNow());
    refuse(idOf(frame), known ? wire::ErrorCode::Forbidden : wire::ErrorCode::Unauthorized,
           whyNot(caller_, action, decision));
    return false;
}

void TagwireSession::onSweep(SteadyTime now) {
    if (caller_.grant || principal()->role || now - begun_ < kLoginTime) return;
    close({wire::CloseCode::Authenticate, "log in first, or send an auth frame with a token"});
}

void TagwireSession::sendSources() {
    if (toldSources_ || Gate::decide(*principal(), Action::ReadSources) != Decision::Allowed) return;
    toldSources_ = true;
    for (const auto& [id, state] : shard().cache().sources()) onSourceState(state);
}

boost::asio::awaitable<void> TagwireSession::run() {
    const auto& server = shard().server();
    std::string hello;
    wire::appendHello(hello, {.boot = server.boot,
                              .now = wallClockNow(),
                              .ping = server.options.ping,
                              .server = server.product,
                              .limits = sessionLimits(server.options)});
    send(std::move(hello));
    sendSources();

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
    if (!toldSources_) return;
    std::string frame;
    wire::appendSrc(frame, state);
    send(std::move(frame));
}

void TagwireSession::handle(std::string_view message) {
    const auto request = wire::parseRequest(message);
    if (request) {
        if (!admits(*request)) return;
        std::visit([this](const auto& frame) { handle(frame); }, *request);
        return;
    }
    const auto& error = request.error();
    refuse(error.id, error.code, error.message);
    if (error.fatal) close({wire::CloseCode::ProtocolError, "malformed message: see the last err frame"});
}

void TagwireSession::handle(const wire::AuthFrame& request) {
    // What is subscribed was chosen by what the caller saw before.
    if (subscriptionCount() > 0) {
        refuse(request.id, wire::ErrorCode::BadRequest,
               "auth comes before the first sub; end the subscriptions first, or connect anew");
        return;
    }
    auto grant = shard().server().callers.token(request.token, wallClockNow());
    if (!grant) {
        refuse(request.id, wire::ErrorCode::Unauthorized,
               "this token is unknown, has expired, or was revoked");
        if (++wrongTokens_ >= kMaxWrongTokens)
            close({wire::CloseCode::Authenticate, "too many wrong tokens: see the last err frame"});
        return;
    }
    caller_.principal = {grant, &grant->principal()};
    caller_.grant = grant;
    caller_.by = ShownBy::Token;
    holdTo(std::move(grant));
    const auto& role = caller_.principal->role;
    std::string answer;
    wire::appendAuthenticated(answer, request.id, caller_.principal->user, role ? access::nameOf(*role) : "");
    send(std::move(answer));
    sendSources();
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
                                 .maxTags = std::min<std::size_t>(server.options.maxTags,
                                                                  server.options.maxConnectionTags - watched),
                                 .sight = TagSight::of(caller_.principal)}));
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

void TagwireSession::handle(const wire::HistFrame& request) {
    history().ask(request, TagSight::of(caller_.principal));
}

void TagwireSession::handle(const wire::CancelFrame& request) { history().cancel(request.id); }

void TagwireSession::handle(const wire::WriteFrame& request) { writes().write(request, caller_); }

void TagwireSession::handle(const wire::PressFrame& request) { writes().press(request, caller_); }

void TagwireSession::handle(const wire::HoldFrame& request) { writes().hold(request); }

void TagwireSession::handle(const wire::ReleaseFrame& request) { writes().release(request); }

void TagwireSession::onEnd(bool allowed) {
    if (writes_) writes_->letGo(allowed ? ReleaseCause::ClientGone : ReleaseCause::GrantEnded);
}

WriteRequests& TagwireSession::writes() {
    if (!writes_) {
        writes_ = std::make_unique<WriteRequests>(
            shard(),
            WriteRequests::Outlet{.send =
                                      [this](wire::RequestId id, const std::vector<wire::WriteRow>& rows) {
                                          std::string frame;
                                          wire::appendWritten(frame, id, rows);
                                          send(std::move(frame));
                                      },
                                  .refuse =
                                      [this](wire::RequestId id, const WriteRefusal& refusal) {
                                          refuse(id, refusal.code, refusal.message);
                                      }});
    }
    return *writes_;
}

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
