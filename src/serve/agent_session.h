/// The connection of an agent (docs/opcda-agent-protocol.md): frames go to its source, and the source's to
/// it. Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/agent_port.h"
#include "serve/push_session.h"

namespace tagwire::serve {

class WebSocketChannel;

inline constexpr std::string_view kUnknownAgentToken =
    "no source has this token; compare token_sha256 of the [[opcda]] entry";

class AgentSession final : public PushSession {
public:
    /// `port`: null where the agent has not shown yet whose it is.
    AgentSession(Shard& shard, WebSocketChannel& channel, AgentPort* port);
    AgentSession(const AgentSession&) = delete;
    AgentSession& operator=(const AgentSession&) = delete;
    ~AgentSession() override;

    /// Until the agent has gone.
    boost::asio::awaitable<void> run();

    void onSourceState(const SourceState&) override {}
    void onTags(Subscription&, const std::vector<SharedTagInfo>&) override {}

private:
    class Link;

    bool gather(Subscription&, std::string&) override { return false; }
    void appendTagsFrame(std::string&, wire::SubId, std::string_view) override {}
    void appendPing(std::string& out) override { out += R"({"t":"ping"})"; }

    boost::asio::awaitable<void> introduce();

    WebSocketChannel& channel_;
    AgentPort* port_;
    std::shared_ptr<Link> link_;
};

}  // namespace tagwire::serve
