/// A TCP connection below a WebSocket, on which a frame that is complete already can be sent at once, past
/// Beast's composed operations: those cost a tenth of the whole send. Beast still reads, and writes what it
/// writes by itself (answer to the upgrade, pongs, closing); neither ever cuts into a frame of the other.
/// Thread: the shard's. Lifetime: owned by the WebSocket stream above it.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <sys/socket.h>

#include "base/time.h"

namespace tagwire::serve {

// NOLINTBEGIN(readability-identifier-naming): what Beast asks of a stream has Beast's names
class DirectStream {
public:
    using next_layer_type = boost::beast::tcp_stream;
    using executor_type = next_layer_type::executor_type;

    explicit DirectStream(next_layer_type&& tcp) : tcp_(std::move(tcp)), free_(tcp_.get_executor()) {}

    [[nodiscard]] next_layer_type& next_layer() noexcept { return tcp_; }
    [[nodiscard]] const next_layer_type& next_layer() const noexcept { return tcp_; }
    [[nodiscard]] executor_type get_executor() noexcept { return tcp_.get_executor(); }

    enum class Sent : std::uint8_t {
        Whole,    ///< the kernel has it
        Partly,   ///< the rest is kept here and goes out by sendRest()
        Nothing,  ///< the socket is full or gone, or Beast is writing
    };

    /// One text frame without compression, as much of it as the kernel takes at once.
    [[nodiscard]] Sent sendText(std::string_view payload) {
        if (beastWrites_ > 0 || sendsRest_) return Sent::Nothing;
        std::array<char, kMaxHeader> header{};
        const std::size_t headerSize = putHeader(header, payload.size());
        std::array<iovec, 2> parts{
            {{header.data(), headerSize}, {const_cast<char*>(payload.data()), payload.size()}}};
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = parts.size();
        const auto sent = ::sendmsg(tcp_.socket().native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent <= 0) return Sent::Nothing;
        const auto done = static_cast<std::size_t>(sent);
        if (done == headerSize + payload.size()) return Sent::Whole;
        rest_.assign(header.data() + std::min(done, headerSize), headerSize - std::min(done, headerSize));
        rest_.append(payload.substr(done - std::min(done, headerSize)));
        sendsRest_ = true;
        return Sent::Partly;
    }

    /// Call after Partly. `handler(error)` when the rest has gone out.
    template <class Handler>
    void sendRest(Handler handler) {
        boost::asio::async_write(
            tcp_, boost::asio::buffer(rest_),
            [this, handler = std::move(handler)](const boost::system::error_code& error, std::size_t) {
                sendsRest_ = false;
                std::string().swap(rest_);
                free_.cancel();
                handler(error);
            });
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return tcp_.async_read_some(buffers, std::forward<Token>(token));
    }

    /// Beast's own writes wait for the rest of ours.
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        ++beastWrites_;
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            [this, buffers, begun = false](auto& self, const boost::system::error_code& error = {},
                                           std::size_t size = 0) mutable {
                if (begun) {
                    --beastWrites_;
                    self.complete(error, size);
                    return;
                }
                if (sendsRest_) {
                    free_.expires_at(SteadyTime::max());
                    free_.async_wait(
                        [self = std::move(self)](const boost::system::error_code&) mutable { self(); });
                    return;
                }
                begun = true;
                tcp_.async_write_some(buffers, std::move(self));
            },
            token, tcp_);
    }

    friend void teardown(boost::beast::role_type role, DirectStream& stream,
                         boost::system::error_code& error) {
        boost::beast::websocket::teardown(role, stream.tcp_.socket(), error);
    }
    /// Beast's own (of Boost 1.81) takes one piece of what the client still sends and closes: that resets the
    /// connection, and a client whose sending fails may never look at our closing frame.
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, DirectStream& stream, Handler&& handler) {
        boost::system::error_code ignored;
        stream.tcp_.socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
        stream.tcp_.expires_after(kLinger);
        boost::asio::async_compose<Handler, void(boost::system::error_code)>(
            [&tcp = stream.tcp_, rest = std::string(), taken = std::size_t{0}](
                auto& self, const boost::system::error_code& error = {}, std::size_t size = 0) mutable {
                taken += size;
                if (error || taken > kMaxLingerBytes) {
                    tcp.close();
                    self.complete(error == boost::asio::error::eof ? boost::system::error_code{} : error);
                    return;
                }
                rest.resize(kLingerChunk);
                const auto room =
                    boost::asio::buffer(rest);  // before the string moves with `self`: its bytes stay
                tcp.async_read_some(room, std::move(self));
            },
            handler, stream.tcp_);
    }

private:
    static constexpr std::size_t kMaxHeader = 10;
    static constexpr std::chrono::seconds kLinger{1};
    static constexpr std::size_t kMaxLingerBytes = std::size_t{4} * 1024 * 1024;
    static constexpr std::size_t kLingerChunk = std::size_t{16} * 1024;

    /// RFC 6455, 5.2: FIN, text, not masked. Returns its size.
    static std::size_t putHeader(std::array<char, kMaxHeader>& header, std::size_t payload) noexcept {
        header[0] = static_cast<char>(0x81);
        if (payload < 126) {
            header[1] = static_cast<char>(payload);
            return 2;
        }
        const std::size_t bytes = payload <= 0xFFFF ? 2 : 8;
        header[1] = static_cast<char>(bytes == 2 ? 126 : 127);
        for (std::size_t i = 0; i < bytes; ++i) {
            header.at(2 + i) = static_cast<char>(payload >> 8 * (bytes - 1 - i) & 0xFFU);
        }
        return 2 + bytes;
    }

    next_layer_type tcp_;
    int beastWrites_ = 0;
    bool sendsRest_ = false;
    std::string rest_;
    /// Cancelled when the rest of a frame has been written.
    boost::asio::steady_timer free_;
};
// NOLINTEND(readability-identifier-naming)

/// As of the other ways bytes travel (transport.h).
inline DirectStream::next_layer_type& tcpOf(DirectStream& stream) noexcept { return stream.next_layer(); }

}  // namespace tagwire::serve
