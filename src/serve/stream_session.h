/// `GET /api/v1/stream`: server-sent events (HTML Living Standard, 9.2) with the frames of the protocol, or
/// flat. Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/http_types.h"
#include "serve/push_session.h"

namespace tagwire::serve {

class EventStreamChannel;

struct StreamTerms {
    std::vector<std::string> tags;
    wire::Mode mode = wire::Mode::Latest;
    wire::StreamFormat format = wire::StreamFormat::Frames;
    std::chrono::milliseconds min{100};
    std::optional<wire::Resume> resume;  ///< from Last-Event-ID
};

/// The error says which parameter is wrong, and how it is right.
[[nodiscard]] Result<StreamTerms> parseStreamTerms(const HttpRequest& request);

class StreamSession final : public PushSession {
public:
    StreamSession(Shard& shard, EventStreamChannel& channel, StreamTerms terms, Caller caller);

    /// Pushes until the client goes.
    boost::asio::awaitable<void> run();

    void onSourceState(const SourceState& state) override;

private:
    bool gather(Subscription& subscription, std::string& out) override;
    void appendTagsFrame(std::string& out, wire::SubId subscription, std::string_view tagDescs) override;
    void appendPing(std::string& out) override { out.append(": ping\n\n"); }
    void onTags(Subscription& subscription, const std::vector<SharedTagInfo>& tags) override;

    bool gatherFlat(Subscription& subscription, std::string& out);
    void appendId(std::string& out, ChangeNumber seq) const;

    EventStreamChannel& channel_;
    StreamTerms terms_;
    Caller caller_;
};

}  // namespace tagwire::serve
