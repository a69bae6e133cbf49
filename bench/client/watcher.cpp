#include "bench/client/watcher.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/client/web_socket.h"

namespace tagwire::bench {
namespace {

/// Of slow clients, as over Ethernet: on loopback the kernel would otherwise take megabytes before the
/// server's socket is full. The receive buffer is for them, too.
constexpr int kSlowSegment = 1400;
constexpr int kSlowBuffer = 8 * 1024;

std::int64_t wallMicros() noexcept {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Watcher::Watcher(const Task& task, Stats& stats, Wanted wanted, bool slow)
    : task_(task), stats_(stats), wanted_(std::move(wanted)), slow_(slow), values_(wanted_.tags) {}

void Watcher::dial() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) throw std::runtime_error("no further socket: raise the limit of open files (ulimit -n)");
    if (slow_) {
        (void)setsockopt(socket_, IPPROTO_TCP, TCP_MAXSEG, &kSlowSegment, sizeof kSlowSegment);
        (void)setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &kSlowBuffer, sizeof kSlowBuffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(task_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
        throw std::runtime_error(fmt::format("no connection to port {}: errno {}", task_.port, errno));
    }
}

void Watcher::hangUp() noexcept {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void Watcher::send(std::string_view bytes) const {
    // Requests are small and rare: the socket always has room for them.
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
        throw std::runtime_error("a request could not be sent at once");
    }
}

void Watcher::onReady(std::span<char> buffer) {
    if (state_ == State::Connecting) {
        state_ = State::Upgrading;
        const bool socketIo = task_.protocol == Protocol::SocketIo;
        send(upgradeRequest(fmt::format("127.0.0.1:{}", task_.port),
                            socketIo ? "/socket.io/?EIO=4&transport=websocket" : "/ws",
                            socketIo ? std::string_view{} : "tagwire.v1"));
        return;
    }
    const auto got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0)
        throw std::runtime_error(got == 0 ? "the server closed" : fmt::format("recv: errno {}", errno));
    arrived_ = wallMicros();
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (pending_.empty()) {
        pending_.assign(bytes.substr(take(bytes)));
    } else {
        pending_.append(bytes);
        pending_.erase(0, take(pending_));
    }
    if (pending_.empty() && pending_.capacity() > buffer.size()) pending_.shrink_to_fit();
}

/// How many bytes are done with.
std::size_t Watcher::take(std::string_view bytes) {
    std::size_t used = 0;
    if (state_ == State::Upgrading) {
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) return 0;
        if (!bytes.starts_with("HTTP/1.1 101 ")) {
            throw std::runtime_error("the server refused: " + std::string(bytes.substr(0, bytes.find('\r'))));
        }
        used = end + 4;
        state_ = State::Open;
        if (task_.protocol == Protocol::Tagwire)
            send(clientFrame(Opcode::Text, subscribeMessage(task_, wanted_)));
    }
    while (const auto frame = parseFrame(bytes.substr(used))) {
        used += frame->size;
        switch (frame->opcode) {
            case Opcode::Text: takeText(frame->payload); break;
            case Opcode::Ping: send(clientFrame(Opcode::Pong, frame->payload)); break;
            case Opcode::Pong: break;
            case Opcode::Close: {
                const auto code = frame->payload.size() < 2
                                      ? 0
                                      : static_cast<unsigned char>(frame->payload[0]) * 256 +
                                            static_cast<unsigned char>(frame->payload[1]);
                throw std::runtime_error(fmt::format("the server closed with {}", code));
            }
            default: throw std::runtime_error("a WebSocket frame of an unknown kind");
        }
    }
    return used;
}

void Watcher::takeText(std::string_view text) {
    if (task_.protocol == Protocol::SocketIo) return takeSocketIo(text);
    if (text.starts_with(R"({"t":"data")")) {
        ++stats_.frames;
        stats_.bytes += text.size();
        if (readDataFrame(text, [this](const Row& row) { takeRow(row); })) return;
    } else if (text.starts_with(R"({"t":"lag")")) {
        ++stats_.lag;
        return;
    } else if (!text.starts_with(R"({"t":"err")")) {
        return;
    }
    throw std::runtime_error("unexpected: " + std::string(text.substr(0, 200)));
}

void Watcher::takeSocketIo(std::string_view text) {
    if (text.starts_with('0')) return send(clientFrame(Opcode::Text, "40"));
    if (text == "2") return send(clientFrame(Opcode::Text, "3"));
    if (text.starts_with("40")) return send(clientFrame(Opcode::Text, subscribeMessage(task_, wanted_)));
    constexpr std::string_view kEvent = R"(42["u",)";
    if (!text.starts_with(kEvent))
        throw std::runtime_error("unexpected: " + std::string(text.substr(0, 200)));
    Row row;
    Scanner in(text.substr(kEvent.size()));
    if (!readRow(in, 0, row)) throw std::runtime_error("unreadable: " + std::string(text.substr(0, 200)));
    ++stats_.frames;
    stats_.bytes += text.size();
    takeRow(row);
}

void Watcher::takeRow(const Row& row) {
    std::int32_t& last = values_.of(row.handle);
    if (values_.known() > wanted_.tags)
        throw std::runtime_error(fmt::format("handle {} was not asked for", row.handle));
    const auto before = std::exchange(last, row.hundredths);
    ++stats_.updates;
    if (before == TagValues::kNone) return;
    stats_.age.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, arrived_ - row.time * 1000)));
    const auto steps = changesBetween(before, row.hundredths);
    if (steps == 1) return;
    if (steps == 0) {
        ++stats_.repeated;
    } else if (steps > kLoadValues / 2) {
        ++stats_.backwards;
    } else {
        (slow_ ? stats_.slowSkipped : stats_.skipped) += static_cast<std::uint64_t>(steps - 1);
    }
}

}  // namespace tagwire::bench
