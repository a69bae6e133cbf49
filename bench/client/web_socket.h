/// As much of RFC 6455 as both ends of the benchmarks need. No extensions, no fragmented messages.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tagwire::bench {

enum class Opcode : std::uint8_t { Text = 1, Close = 8, Ping = 9, Pong = 10 };

struct WebSocketFrame {
    Opcode opcode = Opcode::Text;
    std::string_view payload;  ///< as it came; unmask() what a client sent
    std::uint32_t mask = 0;
    std::size_t size = 0;  ///< of the whole frame
};

/// The frame at the beginning of `bytes`, or nothing while it is incomplete. Throws std::runtime_error for
/// what is not supported.
[[nodiscard]] std::optional<WebSocketFrame> parseFrame(std::string_view bytes);
[[nodiscard]] std::string unmask(const WebSocketFrame& frame);

/// Largest header of a frame that is not masked.
inline constexpr std::size_t kMaxFrameHeader = 10;

/// Writes the header of a text frame so that it ends just before `payload`; returns its first byte. There
/// must be room for kMaxFrameHeader bytes.
[[nodiscard]] char* putFrameHeader(char* payload, std::size_t payloadSize) noexcept;

/// A whole frame from a client. Its mask is zero: a measuring client needs no protection from caches.
[[nodiscard]] std::string clientFrame(Opcode opcode, std::string_view payload);

[[nodiscard]] std::string upgradeRequest(std::string_view host, std::string_view target,
                                         std::string_view subprotocol);
/// The answer to a whole request; empty if that is none for a WebSocket.
[[nodiscard]] std::string upgradeAnswer(std::string_view request);

}  // namespace tagwire::bench
