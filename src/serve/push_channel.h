/// The way by which a session's frames reach its client: a WebSocket or an event stream.
/// Thread: the shard's. Lifetime: outlives the session that writes to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "wire/generated/protocol.h"

namespace tagwire::serve {

struct CloseReason {
    CloseReason(std::uint16_t rfc6455, std::string why) : code(rfc6455), text(std::move(why)) {}
    CloseReason(wire::CloseCode own, std::string why)
        : CloseReason(static_cast<std::uint16_t>(own), std::move(why)) {}

    std::uint16_t code;
    std::string text;  ///< at most 123 bytes
};

class PushChannel {
public:
    PushChannel() = default;
    PushChannel(const PushChannel&) = delete;
    PushChannel& operator=(const PushChannel&) = delete;
    virtual ~PushChannel() = default;

    /// Called when the frame given to write() has been taken by the kernel, or failed (`ok` false: the end).
    std::function<void(bool ok)> onWritten;

    /// A frame will be sent soon: lets the processor fetch what that will touch.
    virtual void fetchAhead() const noexcept {}

    enum class Sent : std::uint8_t {
        Now,    ///< all of it; onWritten is not called
        Soon,   ///< the channel keeps the rest and calls onWritten
        Never,  ///< nothing of it: use write()
    };
    /// Sends what the kernel takes at once, where that is cheaper than write().
    [[nodiscard]] virtual Sent tryWrite(std::string_view /*frame*/) { return Sent::Never; }
    /// One frame at a time; `frame` must live until onWritten.
    virtual void write(std::string_view frame) = 0;
    /// Says why and closes; after a while without an answer the connection is cut.
    virtual void close(CloseReason reason) = 0;
    virtual void cut() noexcept = 0;
    /// Ends when nothing is under way any more; call after the reading side has ended.
    virtual boost::asio::awaitable<void> settled() = 0;
};

}  // namespace tagwire::serve
