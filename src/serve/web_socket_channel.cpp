#include "serve/web_socket_channel.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/time.h"
#include "serve/web_socket_stream.h"

namespace tagwire::serve {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

void end(WebSocketChannel::Stream& stream) {
    if (--stream.underWay == 0) stream.idle.cancel();
}

}  // namespace

WebSocketChannel::WebSocketChannel(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
WebSocketChannel::~WebSocketChannel() = default;

asio::awaitable<std::optional<WebSocketChannel::Message>> WebSocketChannel::read() {
    auto& s = *stream_;
    s.received.consume(std::exchange(s.receivedUsed, 0));
    const auto [error, size] = co_await s.socket.async_read(s.received, kAwait);
    if (error) co_return std::nullopt;
    s.receivedUsed = size;
    const auto data = s.received.cdata();
    co_return Message{{static_cast<const char*>(data.data()), data.size()}, s.socket.got_binary()};
}

WebSocketChannel::Sent WebSocketChannel::tryWrite(std::string_view frame) {
    if (stream_->underWay > 0) return Sent::Never;
    auto& direct = stream_->socket.next_layer();
    switch (direct.sendText(frame)) {
        case DirectStream::Sent::Whole: return Sent::Now;
        case DirectStream::Sent::Nothing: return Sent::Never;
        case DirectStream::Sent::Partly: break;
    }
    ++stream_->underWay;
    direct.sendRest([this](const beast::error_code& error) {
        end(*stream_);
        if (onWritten) onWritten(!error);
    });
    return Sent::Soon;
}

void WebSocketChannel::write(std::string_view frame) {
    ++stream_->underWay;
    stream_->socket.async_write(asio::buffer(frame), [this](const beast::error_code& error, std::size_t) {
        end(*stream_);
        if (onWritten) onWritten(!error);
    });
}

void WebSocketChannel::close(CloseReason reason) {
    ++stream_->underWay;
    websocket::close_reason text(static_cast<websocket::close_code>(reason.code));
    text.reason.assign(reason.text.substr(0, text.reason.max_size()));
    stream_->socket.async_close(text, [this](const beast::error_code&) { end(*stream_); });
}

void WebSocketChannel::cut() noexcept { beast::get_lowest_layer(stream_->socket).close(); }

asio::awaitable<void> WebSocketChannel::settled() {
    cut();
    while (stream_->underWay > 0) {
        stream_->idle.expires_at(SteadyTime::max());
        co_await stream_->idle.async_wait(kAwait);
    }
}

}  // namespace tagwire::serve
