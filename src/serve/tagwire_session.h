/// One client of protocol tagwire.v1 on a WebSocket (docs/protocol.md).
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/caller.h"
#include "serve/history_requests.h"
#include "serve/push_session.h"
#include "serve/write_requests.h"
#include "wire/request_parser.h"

namespace tagwire::serve {

class WebSocketChannel;

class TagwireSession final : public PushSession {
public:
    TagwireSession(Shard& shard, WebSocketChannel& channel, Caller caller);

    /// Greets, then serves requests until the client or the server closes.
    boost::asio::awaitable<void> run();

    void onSourceState(const SourceState& state) override;

private:
    /// By now: what somebody unknown may do changes.
    [[nodiscard]] std::shared_ptr<const access::Principal> principal() const;
    /// Whether the caller may send it; otherwise he is told why not.
    [[nodiscard]] bool admits(const wire::ClientFrame& frame);
    void sendSources();
    void onSweep(SteadyTime now) override;
    void onEnd(bool allowed) override;

    void handle(std::string_view message);
    void handle(const wire::AuthFrame& request);
    void handle(const wire::SubFrame& request);
    void handle(const wire::UnsubFrame& request);
    void handle(const wire::CreditFrame& request);
    void handle(const wire::ClientPingFrame& request);
    void handle(const wire::HistFrame& request);
    void handle(const wire::CancelFrame& request);
    void handle(const wire::WriteFrame& request);
    void handle(const wire::PressFrame& request);
    void handle(const wire::HoldFrame& request);
    void handle(const wire::ReleaseFrame& request);
    void refuse(std::optional<wire::RequestId> id, wire::ErrorCode code, std::string_view message);
    void refuseHistory(wire::RequestId id, const HistoryRefusal& refusal);
    [[nodiscard]] HistoryRequests& history();
    [[nodiscard]] WriteRequests& writes();
    void ok(wire::RequestId id);

    bool gather(Subscription& subscription, std::string& out) override;
    void appendTagsFrame(std::string& out, wire::SubId subscription, std::string_view tagDescs) override;
    void appendPing(std::string& out) override;

    WebSocketChannel& channel_;
    Caller caller_;
    SteadyTime begun_;
    std::uint32_t wrongTokens_ = 0;
    bool toldSources_ = false;  ///< the client hears of the sources
    wire::SubId lastSub_;
    std::unique_ptr<HistoryRequests> history_;  ///< from the first question on: most sessions ask none
    std::unique_ptr<WriteRequests> writes_;     ///< the same
    std::vector<SteadyTime> errors_;  ///< when the latest err answers were given, at most wire::kErrorBurst
};

}  // namespace tagwire::serve
