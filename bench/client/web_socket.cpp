#include "bench/client/web_socket.h"

#include <array>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace tagwire::bench {
namespace {

constexpr std::size_t kMostPayload = std::size_t{64} * 1024 * 1024;

std::uint64_t bigEndian(std::string_view bytes) noexcept {
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
    return number;
}

}  // namespace

std::optional<WebSocketFrame> parseFrame(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    if ((first & 0xF0U) != 0x80U) throw std::runtime_error("a fragmented or extended WebSocket frame");
    const bool masked = (second & 0x80U) != 0;
    std::uint64_t length = second & 0x7FU;
    std::size_t header = 2;
    if (length >= 126) {
        const std::size_t more = length == 126 ? 2 : 8;
        if (bytes.size() < header + more) return std::nullopt;
        length = bigEndian(bytes.substr(header, more));
        header += more;
    }
    if (length > kMostPayload) throw std::runtime_error(fmt::format("a WebSocket frame of {} bytes", length));
    WebSocketFrame frame;
    frame.opcode = static_cast<Opcode>(first & 0x0FU);
    if (masked) {
        if (bytes.size() < header + sizeof frame.mask) return std::nullopt;
        std::memcpy(&frame.mask, bytes.data() + header, sizeof frame.mask);
        header += sizeof frame.mask;
    }
    if (bytes.size() - header < length) return std::nullopt;
    frame.payload = bytes.substr(header, length);
    frame.size = header + length;
    return frame;
}

std::string unmask(const WebSocketFrame& frame) {
    std::string text(frame.payload);
    std::array<char, 4> key{};
    std::memcpy(key.data(), &frame.mask, key.size());
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(text[i] ^ key.at(i % key.size()));
    return text;
}

char* putFrameHeader(char* payload, std::size_t payloadSize) noexcept {
    char* at = payload;
    if (payloadSize < 126) {
        *--at = static_cast<char>(payloadSize);
    } else {
        const std::size_t bytes = payloadSize <= 0xFFFFU ? 2 : 8;
        for (std::size_t i = 0, rest = payloadSize; i < bytes; ++i, rest >>= 8U)
            *--at = static_cast<char>(rest & 0xFFU);
        *--at = static_cast<char>(bytes == 2 ? 126 : 127);
    }
    *--at = static_cast<char>(0x80U | static_cast<unsigned>(Opcode::Text));
    return at;
}

std::string clientFrame(Opcode opcode, std::string_view payload) {
    std::string header(kMaxFrameHeader, '\0');
    const char* first = putFrameHeader(header.data() + header.size(), payload.size());
    header.erase(0, static_cast<std::size_t>(first - header.data()));
    header[0] = static_cast<char>(0x80U | static_cast<unsigned>(opcode));
    header[1] = static_cast<char>(static_cast<unsigned char>(header[1]) | 0x80U);
    return header.append(4, '\0').append(payload);
}

std::string upgradeRequest(std::string_view host, std::string_view target, std::string_view subprotocol) {
    auto request = fmt::format(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
        target, host);
    if (!subprotocol.empty()) request += fmt::format("Sec-WebSocket-Protocol: {}\r\n", subprotocol);
    return request + "\r\n";
}

std::string upgradeAnswer(std::string_view request) {
    constexpr std::string_view kName = "Sec-WebSocket-Key: ";
    const auto begin = request.find(kName);
    if (begin == std::string_view::npos) return {};
    const auto key = request.substr(begin + kName.size(), request.find("\r\n", begin) - begin - kName.size());
    const auto salted = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(salted.data(), salted.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
    std::array<unsigned char, 64> accept{};
    EVP_EncodeBlock(accept.data(), digest.data(), static_cast<int>(size));
    return fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: tagwire.v1\r\n\r\n",
        reinterpret_cast<const char*>(accept.data()));
}

}  // namespace tagwire::bench
