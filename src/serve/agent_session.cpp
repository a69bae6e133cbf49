#include "serve/agent_session.h"

#include <chrono>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "serve/shard.h"
#include "serve/web_socket_channel.h"
#include "wire/request_parser.h"

namespace tagwire::serve {
namespace {

/// For a stranger to say who he is.
constexpr std::chrono::seconds kIntroduction{10};

}  // namespace

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
            self->closeNow(wire::CloseCode::ProtocolError, std::move(why));
        });
    }
    /// Thread: the shard's.
    void closeNow(wire::CloseCode code, std::string why) {
        if (session_ != nullptr) session_->PushSession::close({code, std::move(why)});
    }
    /// Thread: the shard's.
    void detach() noexcept { session_ = nullptr; }

private:
    boost::asio::io_context& context_;  ///< outlives the sources
    AgentSession* session_;             ///< used by the shard's thread alone; null once it has ended
};

AgentSession::AgentSession(Shard& shard, WebSocketChannel& channel, AgentPort* port)
    : PushSession(shard, channel),
      channel_(channel),
      port_(port),
      link_(std::make_shared<Link>(shard.context(), *this)) {}

AgentSession::~AgentSession() {
    link_->detach();
    if (port_ != nullptr) port_->closed(*link_);
}

/// An agent that looks at the server's certificate before it shows its token does that in its first frame.
boost::asio::awaitable<void> AgentSession::introduce() {
    boost::asio::steady_timer late(shard().context(), kIntroduction);
    late.async_wait([link = link_](boost::system::error_code error) {
        if (!error) link->closeNow(wire::CloseCode::Authenticate, "an agent shows its token at once");
    });
    const auto message = co_await channel_.read();
    late.cancel();
    if (!message || closing()) co_return;
    shard().counters().messagesReceived.add();
    const auto parsed = wire::parseRequest(message->binary ? std::string_view() : message->text);
    const auto* shown = parsed ? std::get_if<wire::AuthFrame>(&*parsed) : nullptr;
    if (shown == nullptr) {
        close({wire::CloseCode::ProtocolError, "an agent shows its token first, in a frame auth"});
    } else if (auto* port = shard().server().agents->find(shown->token); port == nullptr) {
        close({wire::CloseCode::Authenticate, std::string(kUnknownAgentToken)});
    } else {
        port_ = port;
    }
}

boost::asio::awaitable<void> AgentSession::run() {
    if (port_ == nullptr) co_await introduce();
    if (port_ != nullptr) port_->opened(link_);
    while (const auto message = co_await channel_.read()) {
        if (closing()) continue;  // only the closing handshake is awaited now
        shard().counters().messagesReceived.add();
        if (message->binary) {
            close({1003, "agents send JSON text"});
        } else if (port_ == nullptr || !port_->received(*link_, std::string(message->text))) {
            close({wire::CloseCode::ProtocolError,
                   "more came than can wait: send less before acknowledgements"});
        }
    }
}

}  // namespace tagwire::serve
