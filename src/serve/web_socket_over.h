/// A WebSocket of Boost.Beast over plain TCP or TLS. Included by who makes them; sessions see
/// WebSocketChannel. Thread: the shard's. Lifetime: within the connection's coroutine; ends by settled().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/option.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/time.h"
#include "serve/direct_stream.h"
#include "serve/http_messages.h"
#include "serve/options.h"
#include "serve/prefetch.h"
#include "serve/rate_limit.h"
#include "serve/transport.h"
#include "serve/utf8_end.h"
#include "serve/web_socket_channel.h"
#include "wire/frames.h"

namespace tagwire::serve {

/// Over plain TCP, frames that are complete go past Beast.
template <class Stream>
class WebSocketOver final : public WebSocketChannel {
    using Layer = std::conditional_t<std::is_same_v<Stream, PlainStream>, DirectStream, Stream>;

public:
    WebSocketOver(Stream&& stream, const ServerOptions& options)
        : socket_(std::move(stream)),
          compression_(options.compression),
          idle_(socket_.get_executor()),
          pace_(socket_.get_executor()),
          maxMessagesPerSecond_(options.maxMessagesPerSecond) {
        boost::beast::websocket::stream_base::timeout timeouts{};
        timeouts.handshake_timeout = kCloseTimeout;
        timeouts.idle_timeout = boost::beast::websocket::stream_base::none();
        timeouts.keep_alive_pings = false;
        socket_.set_option(timeouts);
        socket_.read_message_max(options.maxMessageBytes);
        socket_.auto_fragment(false);  // one frame, one write
        socket_.text(true);
        if (options.compression) {
            boost::beast::websocket::permessage_deflate deflate;
            deflate.server_enable = true;
            deflate.compLevel = kCompressionLevel;
            deflate.memLevel = kCompressionMemory;
            deflate.server_max_window_bits = kCompressionWindow;
            deflate.client_max_window_bits = 15;        // less would turn away who does not offer to choose
            deflate.client_no_context_takeover = true;  // requests are few and small
            deflate.msg_size_threshold = kCompressFrom;
            socket_.set_option(deflate);
            socket_.write_buffer_bytes(kCompressedFrame);
        }
    }

    /// Answers the upgrade; false: the connection has ended. `ours`: the client knows the subprotocol.
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the session's, which waits
    boost::asio::awaitable<bool> accept(const HttpInput& upgrade, bool ours) {
        socket_.set_option(boost::beast::websocket::stream_base::decorator(
            [ours](boost::beast::websocket::response_type& response) {
                response.set(boost::beast::http::field::server, "Tagwire");
                if (ours) response.set(boost::beast::http::field::sec_websocket_protocol, wire::kSubprotocol);
            }));
        const auto [error] = co_await socket_.async_accept(upgrade, kAwait);
        co_return !error;
    }

    boost::asio::awaitable<std::optional<Message>> read() override {
        for (;;) {
            received_.consume(std::exchange(receivedUsed_, 0));
            std::size_t room = kRoomWhenIdle;
            do {
                inBeast_->reading = true;
                const auto [error, size] = co_await socket_.async_read_some(
                    received_, room, boost::asio::bind_cancellation_slot(inBeast_->read.slot(), kAwait));
                inBeast_->reading = false;
                if (error) co_return std::nullopt;
                room = kRoomForMore;
            } while (!socket_.is_message_done());
            receivedUsed_ = received_.size();
            const auto data = received_.cdata();
            const Message message{{static_cast<const char*>(data.data()), data.size()}, socket_.got_binary()};
            // Beast checks everything but that, where the last fragment is empty.
            if (message.binary || !endsWithinCharacter(message.text)) {
                const auto wait = messages_.take(SteadyClock::now(), maxMessagesPerSecond_);
                if (wait > std::chrono::nanoseconds::zero()) {
                    pace_.expires_after(wait);
                    co_await pace_.async_wait(kAwait);
                    (void)messages_.take(SteadyClock::now(), maxMessagesPerSecond_);
                }
                co_return message;
            }
            close({1007, "the text ends within a character"});
        }
    }

    void fetchAhead() const noexcept override {
        prefetch(&socket_.next_layer(), sizeof socket_.next_layer());
    }

    [[nodiscard]] Sent tryWrite(std::string_view frame) override {
        if constexpr (std::is_same_v<Layer, DirectStream>) {
            // After a closing frame there is nothing to say; what may be compressed is for Beast.
            if (underWay_ > 0 || compression_ || !socket_.is_open()) return Sent::Never;
            switch (socket_.next_layer().sendText(frame)) {
                case DirectStream::Sent::Whole: return Sent::Now;
                case DirectStream::Sent::Nothing: return Sent::Never;
                case DirectStream::Sent::Partly: break;
            }
            ++underWay_;
            socket_.next_layer().sendRest([this](const auto& error) {
                end();
                if (onWritten) onWritten(!error);
            });
            return Sent::Soon;
        } else {
            return WebSocketChannel::tryWrite(frame);
        }
    }

    void write(std::string_view frame) override {
        ++underWay_;
        socket_.async_write(boost::asio::buffer(frame), [this](const auto& error, std::size_t) {
            end();
            if (onWritten) onWritten(!error);
        });
    }

    void close(CloseReason reason) override {
        ++underWay_;
        boost::beast::websocket::close_reason text(
            static_cast<boost::beast::websocket::close_code>(reason.code));
        text.reason.assign(reason.text.substr(0, text.reason.max_size()));
        inBeast_->closing = true;
        socket_.async_close(text,
                            boost::asio::bind_cancellation_slot(inBeast_->close.slot(), [this](const auto&) {
                                inBeast_->closing = false;
                                end();
                            }));
    }

    /// What has begun ends soon after, but not within the call.
    void cut() noexcept override {
        tcpOf(socket_.next_layer()).close();
        // A broken frame that comes after our closing one makes reading and closing wait for each other,
        // where no socket ends them: what reads wants to write, and what closes to read (Beast of
        // Boost 1.81).
        boost::asio::post(socket_.get_executor(), [inBeast = inBeast_] {
            if (inBeast->reading) inBeast->read.emit(boost::asio::cancellation_type::terminal);
            if (inBeast->closing) inBeast->close.emit(boost::asio::cancellation_type::terminal);
        });
    }

    boost::asio::awaitable<void> settled() override {
        cut();
        while (underWay_ > 0) {
            idle_.expires_at(SteadyTime::max());
            co_await idle_.async_wait(kAwait);
        }
    }

private:
    static constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
    static constexpr std::chrono::seconds kCloseTimeout{2};
    static constexpr int kCompressionLevel = 1;
    static constexpr int kCompressionMemory = 4;
    static constexpr int kCompressionWindow = 12;
    static constexpr std::size_t kCompressFrom = 256;
    /// Compressed messages of more bytes are sent as several frames.
    static constexpr std::size_t kCompressedFrame = std::size_t{16} * 1024;

    /// What is kept for the next message of a client that may never send one; of a longer one more is read
    /// at a time.
    static constexpr std::size_t kRoomWhenIdle = 512;
    static constexpr std::size_t kRoomForMore = std::size_t{16} * 1024;

    /// Operations that Beast has, which may have to be ended by force; what does that may outlive the
    /// channel.
    struct InBeast {
        boost::asio::cancellation_signal read;
        boost::asio::cancellation_signal close;
        bool reading = false;
        bool closing = false;
    };

    void end() {
        if (--underWay_ == 0) idle_.cancel();
    }

    boost::beast::websocket::stream<Layer> socket_;
    const bool compression_;
    const std::shared_ptr<InBeast> inBeast_ = std::make_shared<InBeast>();
    boost::beast::flat_buffer received_;
    std::size_t receivedUsed_ = 0;
    /// Writes and the closing handshake under way; `idle_` is cancelled when the last ends.
    int underWay_ = 0;
    boost::asio::steady_timer idle_;
    /// A client that sends too fast waits, by the TCP window, until its messages are read.
    boost::asio::steady_timer pace_;
    RateLimit messages_;
    const std::uint32_t maxMessagesPerSecond_;
};

}  // namespace tagwire::serve
