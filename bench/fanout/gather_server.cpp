// The reference of the fan-out benchmarks: what the kernel's sends cost, and nothing else. One thread, raw
// epoll, no store, no sessions. Rows are built once per change; every period each client's changed rows are
// gathered into one frame and sent. Speaks as much of tagwire.v1 as tagwire_bench_client needs.
//
//   tagwire_bench_gather_server port=P tags=N rate=HZ [arrival=spread|burst] [period=MS]
//   tagwire_bench_gather_server port=P mode=broadcast rate=HZ bytes=N
//
// `broadcast` sends one prebuilt frame of N bytes to all, RATE times a second: the limit. Prints "ready" when
// it listens, and ends when its standard input does.
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/client/arguments.h"
#include "bench/client/tag_values.h"
#include "bench/client/web_socket.h"

namespace tagwire::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSpreadScan{10};
constexpr std::string_view kPrefix = "Load.T";

std::int64_t wallMillis() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

struct Peer {
    explicit Peer(int accepted) : socket(accepted) {}
    ~Peer() { ::close(socket); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    int socket;
    bool open = false;
    std::string received;
    std::string unsent;  ///< the rest of what the kernel did not take
    std::vector<std::uint32_t> tags;
    std::vector<bool> dirty;  ///< index as in tags
    std::vector<std::uint32_t> dirtySlots;

    void mark(std::uint32_t slot) {
        if (dirty[slot]) return;
        dirty[slot] = true;
        dirtySlots.push_back(slot);
    }
};

struct Load {
    std::uint32_t tags = 1;
    double rate = 10;
    bool burst = false;
    std::chrono::milliseconds period{100};
    std::size_t broadcastBytes = 0;  ///< 0: gather
};

class GatherServer {
public:
    GatherServer(std::uint16_t port, const Load& load)
        : load_(load), rows_(load.tags), counts_(load.tags), watchers_(load.tags), base_(wallMillis()) {
        listen(port);
        for (std::uint32_t tag = 0; tag < load_.tags; ++tag) change(tag);
        epoll_event input{.events = EPOLLIN, .data = {.fd = STDIN_FILENO}};
        epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    }

    /// Until the end of standard input.
    void run() {
        const auto start = Clock::now();
        const auto scanEvery = load_.burst || load_.broadcastBytes > 0
                                   ? std::chrono::nanoseconds(std::llround(1e9 / load_.rate))
                                   : std::chrono::nanoseconds(kSpreadScan);
        auto scanAt = start;
        auto sendAt = start;
        std::vector<epoll_event> events(512);
        std::cout << "ready" << std::endl;
        while (!ended_) {
            const auto now = Clock::now();
            if (now >= scanAt) {
                scan(scanAt - start);
                scanAt += scanEvery;
            }
            if (now >= sendAt) {
                sendAll();
                sendAt += load_.broadcastBytes > 0 ? scanEvery : std::chrono::nanoseconds(load_.period);
            }
            const auto wait = std::max(std::chrono::nanoseconds{0}, std::min(scanAt, sendAt) - Clock::now());
            const timespec timeout{.tv_sec = wait.count() / 1'000'000'000,
                                   .tv_nsec = wait.count() % 1'000'000'000};
            const int count =
                epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
            for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)]);
        }
    }

private:
    void listen(std::uint16_t port) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        constexpr int kOn = 1;
        setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, SOMAXCONN) != 0) {
            throw std::runtime_error(fmt::format("cannot listen on port {}", port));
        }
        epoll_event event{.events = EPOLLIN, .data = {.fd = listener_}};
        epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
    }

    void change(std::uint32_t tag) {
        auto& row = rows_[tag];
        row.clear();
        const auto count = counts_[tag]++ % kLoadValues;
        fmt::format_to(std::back_inserter(row), "[{},{}.{:02},{}],", tag + 1, count / 100, count % 100,
                       wallMillis() - base_);
        for (const auto& [peer, slot] : watchers_[tag]) peer->mark(slot);
    }

    void scan(std::chrono::nanoseconds elapsed) {
        if (load_.broadcastBytes > 0) return change(0);
        const double perTag = load_.rate * std::chrono::duration<double>(elapsed).count();
        const auto due = load_.burst ? static_cast<std::uint64_t>(std::llround(perTag)) * load_.tags
                                     : static_cast<std::uint64_t>(perTag * load_.tags);
        for (; changes_ < due; ++changes_) change(static_cast<std::uint32_t>(changes_ % load_.tags));
    }

    void sendAll() {
        if (load_.broadcastBytes > 0) {
            const auto frame = broadcastFrame();
            for (const auto& [socket, peer] : peers_) {
                if (peer->open && !peer->tags.empty()) send(*peer, frame);
            }
            return;
        }
        for (const auto& [socket, peer] : peers_) {
            if (!peer->dirtySlots.empty() && peer->unsent.empty()) sendChanges(*peer);
        }
    }

    std::string_view broadcastFrame() {
        beginFrame();
        frame_.append(rows_[0]).back() = ']';
        frame_.append(R"(,"pad":")");
        const auto size = frame_.size() - kMaxFrameHeader + 2;
        if (size < load_.broadcastBytes) frame_.append(load_.broadcastBytes - size, 'x');
        frame_.append("\"}");
        return finishFrame();
    }

    void sendChanges(Peer& peer) {
        beginFrame();
        for (const auto slot : peer.dirtySlots) {
            peer.dirty[slot] = false;
            frame_.append(rows_[peer.tags[slot]]);
        }
        peer.dirtySlots.clear();
        frame_.back() = ']';
        frame_ += '}';
        send(peer, finishFrame());
    }

    void beginFrame() {
        frame_.assign(kMaxFrameHeader, '\0');
        fmt::format_to(std::back_inserter(frame_), R"({{"t":"data","sub":1,"seq":{},"b":{},"v":[)", changes_,
                       base_);
    }
    std::string_view finishFrame() {
        char* payload = frame_.data() + kMaxFrameHeader;
        const char* first = putFrameHeader(payload, frame_.size() - kMaxFrameHeader);
        return {first, static_cast<std::size_t>(frame_.data() + frame_.size() - first)};
    }

    /// A client that does not take its frame gets no other until it has.
    void send(Peer& peer, std::string_view bytes) {
        if (!peer.unsent.empty()) return;
        const auto sent = ::send(peer.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) return;  // its end is seen when reading
        const auto done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
        if (done == bytes.size()) return;
        peer.unsent.assign(bytes.substr(done));
        watch(peer, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }

    void watch(const Peer& peer, int what, std::uint32_t events) const {
        epoll_event event{.events = events, .data = {.fd = peer.socket}};
        epoll_ctl(epoll_, what, peer.socket, &event);
    }

    void serve(const epoll_event& event) {
        if (event.data.fd == listener_) return accept();
        if (event.data.fd == STDIN_FILENO) {
            ended_ = true;
            return;
        }
        const auto it = peers_.find(event.data.fd);
        if (it == peers_.end()) return;
        Peer& peer = *it->second;
        if ((event.events & EPOLLOUT) != 0) {
            const auto rest = std::exchange(peer.unsent, {});
            watch(peer, EPOLL_CTL_MOD, EPOLLIN);
            send(peer, rest);
        }
        if ((event.events & ~EPOLLOUT) != 0 && !receive(peer)) forget(peer);
    }

    void accept() {
        for (;;) {
            const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (socket < 0) return;
            constexpr int kOn = 1;
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
            const auto& peer = *(peers_[socket] = std::make_unique<Peer>(socket));
            watch(peer, EPOLL_CTL_ADD, EPOLLIN);
        }
    }

    bool receive(Peer& peer) {
        std::array<char, 16384> bytes{};
        const auto got = recv(peer.socket, bytes.data(), bytes.size(), 0);
        if (got < 0) return errno == EAGAIN;
        if (got == 0) return false;
        peer.received.append(bytes.data(), static_cast<std::size_t>(got));
        if (!peer.open) {
            const auto end = peer.received.find("\r\n\r\n");
            if (end == std::string::npos) return true;
            send(peer, upgradeAnswer(std::string_view(peer.received).substr(0, end + 4)));
            peer.received.erase(0, end + 4);
            peer.open = true;
        }
        while (const auto frame = parseFrame(peer.received)) {
            if (frame->opcode == Opcode::Close) return false;
            if (frame->opcode == Opcode::Text) subscribe(peer, unmask(*frame));
            peer.received.erase(0, frame->size);
        }
        return true;
    }

    /// Names `Load.T000017`, and patterns `Load.*` and `Load.T*7`.
    void subscribe(Peer& peer, std::string_view message) {
        for (auto at = message.find("\"Load."); at != std::string_view::npos;
             at = message.find("\"Load.", at)) {
            const auto end = message.find('"', at + 1);
            if (end == std::string_view::npos) break;
            const auto name = message.substr(at + 1, end - at - 1);
            at = end + 1;
            const auto star = name.find('*');
            const auto digits = name.substr(
                star == std::string_view::npos ? std::min(kPrefix.size(), name.size()) : star + 1);
            std::uint32_t number = 0;
            (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);
            if (star == std::string_view::npos) {
                add(peer, number);
                continue;
            }
            for (std::uint32_t tag = 1; tag <= load_.tags; ++tag) {
                if (digits.empty() || tag % 10 == number) add(peer, tag);
            }
        }
    }

    /// In a broadcast a client's first value does not wait for the next period.
    void add(Peer& peer, std::uint32_t tag) {
        if (tag == 0 || tag > load_.tags) return;
        const auto slot = static_cast<std::uint32_t>(peer.tags.size());
        peer.tags.push_back(tag - 1);
        peer.dirty.push_back(false);
        watchers_[tag - 1].push_back({&peer, slot});
        peer.mark(slot);
        if (load_.broadcastBytes > 0) send(peer, broadcastFrame());
    }

    void forget(Peer& peer) {
        for (const auto tag : peer.tags) {
            std::erase_if(watchers_[tag], [&](const Watching& watching) { return watching.peer == &peer; });
        }
        peers_.erase(peer.socket);
    }

    struct Watching {
        Peer* peer = nullptr;
        std::uint32_t slot = 0;
    };

    Load load_;
    std::vector<std::string> rows_;
    std::vector<std::int64_t> counts_;
    std::vector<std::vector<Watching>> watchers_;  ///< index: tag
    std::int64_t base_;
    std::uint64_t changes_ = 0;
    std::unordered_map<int, std::unique_ptr<Peer>> peers_;  ///< key: socket
    std::string frame_;
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    int listener_ = -1;
    bool ended_ = false;
};

}  // namespace
}  // namespace tagwire::bench

int main(int argc, char** argv) {
    using namespace tagwire::bench;
    try {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        const Arguments arguments(argc, argv);
        Load load;
        load.tags = arguments.number("tags", load.tags);
        load.rate = arguments.number("rate", load.rate);
        load.burst = arguments.text("arrival", "spread") == "burst";
        load.period = std::chrono::milliseconds(arguments.number("period", 100));
        if (arguments.text("mode", "gather") == "broadcast")
            load.broadcastBytes = arguments.number("bytes", std::size_t{64});
        GatherServer server(arguments.number<std::uint16_t>("port", 0), load);
        server.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "gather_server: " << error.what() << '\n';
        return 1;
    }
}
