#include "serve/agent_session.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "serve/shard.h"
#include "serve/web_socket_channel.h"

namespace tagwire::serve {

/// Brings what the source says from its thread to the shard's.
class AgentSession::Link final : public AgentLink, public std::enable_shared_from_this<Link> {
public:
    Link(boost::asio::io_context& context, AgentSession& session) : context_(context), session_(&session) {}

    void send(std::string frame) override {
        boost::asio::post(context_, [self = shared_from_this(), frame = std::move(frame)]() mutable {
            if (self->session_ != nullptr) self->session_->PushSession::send(std::move(frame));
        });
    }
    void close(std::string why) override {
        boost::asio::post(context_, [self = shared_from_this(), why = std::move(why)]() mutable {
            if (self->session_ != nullptr)
                self->session_->PushSession::close({wire::CloseCode::ProtocolError, std::move(why)});
        });
    }
    /// Thread: the shard's.
    void detach() noexcept { session_ = nullptr; }

private:
    boost::asio::io_context& context_;  ///< outlives the sources
    AgentSession* session_;             ///< used by the shard's thread alone; null once it has ended
};

AgentSession::AgentSession(Shard& shard, WebSocketChannel& channel, AgentPort& port)
    : PushSession(shard, channel),
      channel_(channel),
      port_(port),
      link_(std::make_shared<Link>(shard.context(), *this)) {}

AgentSession::~AgentSession() {
    link_->detach();
    port_.closed(*link_);
}

boost::asio::awaitable<void> AgentSession::run() {
    port_.opened(link_);
    while (const auto message = co_await channel_.read()) {
        if (closing()) continue;  // only the closing handshake is awaited now
        shard().counters().messagesReceived.add();
        if (message->binary) {
            close({1003, "agents send JSON text"});
        } else if (!port_.received(*link_, std::string(message->text))) {
            close({wire::CloseCode::ProtocolError,
                   "more came than can wait: send less before acknowledgements"});
        }
    }
}

}  // namespace tagwire::serve
