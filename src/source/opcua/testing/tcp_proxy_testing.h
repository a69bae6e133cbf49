/// A TCP relay between a client and a server of OPC UA that does what networks do: cut, stall, drop what is
/// on its way, refuse. It can also change the server's messages where no security is used. Thread: the
/// test's, beside its own. Lifetime: one test; its server may come and go.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tagwire::source::opcua {

class TcpProxy {
public:
    /// Sees each whole message of the server (OPC 10000-6, 7.1.2) and may change its bytes.
    using Filter = std::function<void(std::span<std::uint8_t> message)>;

    TcpProxy(std::uint16_t port, std::uint16_t server) : server_(server), listener_(newSocket()) {
        const int yes = 1;
        setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        const sockaddr_in address = loopback(port);
        EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(listener_, 16), 0);
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    ~TcpProxy() {
        thread_.request_stop();
        thread_.join();
        for (Link& link : links_) close(link);
        ::close(listener_);
    }
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    /// Closes all connections; what is on its way is lost. New ones are taken.
    void cut() { cut_ = true; }
    /// Nothing gets through, but connections stay and new ones are taken.
    void stall(bool on) { stalled_ = on; }
    /// What the server sends vanishes, as when the way back is broken.
    void swallow(bool on) { swallowing_ = on; }
    /// New connections are closed at once.
    void refuse(bool on) { refusing_ = on; }
    void setFilter(Filter filter) {
        const std::scoped_lock lock(mutex_);
        filter_ = std::move(filter);
    }
    [[nodiscard]] int connections() const { return connections_; }

    /// Where `message` is a PublishResponse without security: where its subscription's id is.
    [[nodiscard]] static std::optional<std::size_t> publishedSubscription(
        std::span<const std::uint8_t> message) {
        // Header and sequence header take 24 bytes, the type 4, the response header 24 without diagnostics.
        constexpr std::array<std::uint8_t, 4> kPublishResponse{0x01, 0x00, 0x3D, 0x03};
        constexpr std::size_t kType = 24;
        constexpr std::size_t kId = 52;
        if (message.size() < kId + 4 ||
            std::memcmp(message.data() + kType, kPublishResponse.data(), kPublishResponse.size()) != 0)
            return std::nullopt;
        return kId;
    }
    [[nodiscard]] static std::uint32_t number(std::span<const std::uint8_t> message, std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, message.data() + at, sizeof value);
        return value;
    }
    static void setNumber(std::span<std::uint8_t> message, std::size_t at, std::uint32_t value) {
        std::memcpy(message.data() + at, &value, sizeof value);
    }

private:
    struct Link {
        int client;
        int server;
        /// Of the server, up to a whole message.
        std::vector<std::uint8_t> partial;
    };

    static int newSocket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }
    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }
    static void close(const Link& link) {
        // Reset rather than end: nothing that waits in the sockets gets through.
        const linger hard{.l_onoff = 1, .l_linger = 0};
        for (const int each : {link.client, link.server}) {
            setsockopt(each, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
            ::close(each);
        }
    }
    static bool sendAll(int to, std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            const auto sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void work(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (cut_.exchange(false)) {
                for (const Link& link : links_) close(link);
                links_.clear();
            }
            std::vector<pollfd> waited{{listener_, POLLIN, 0}};
            if (!stalled_) {
                for (const Link& link : links_) {
                    waited.push_back({link.client, POLLIN, 0});
                    waited.push_back({link.server, POLLIN, 0});
                }
            }
            if (poll(waited.data(), waited.size(), 5) <= 0) continue;
            std::size_t at = 1;
            for (auto link = links_.begin(); link != links_.end() && at + 1 < waited.size(); at += 2) {
                const bool fine = (waited[at].revents == 0 || toServer(*link)) &&
                                  (waited[at + 1].revents == 0 || toClient(*link));
                if (fine) {
                    ++link;
                } else {
                    close(*link);
                    link = links_.erase(link);
                }
            }
            if (waited[0].revents != 0) acceptOne();
        }
    }

    void acceptOne() {
        const int client = accept(listener_, nullptr, nullptr);
        if (client < 0) return;
        ++connections_;
        const int server = newSocket();
        const sockaddr_in address = loopback(server_);
        if (refusing_ || connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(client);
            ::close(server);
            return;
        }
        links_.push_back({.client = client, .server = server, .partial = {}});
    }

    bool toServer(const Link& link) {
        const auto size = recv(link.client, buffer_.data(), buffer_.size(), 0);
        return size > 0 && sendAll(link.server, {buffer_.data(), static_cast<std::size_t>(size)});
    }

    bool toClient(Link& link) {
        const auto size = recv(link.server, buffer_.data(), buffer_.size(), 0);
        if (size <= 0) return false;
        if (swallowing_) return true;
        link.partial.insert(link.partial.end(), buffer_.begin(), buffer_.begin() + size);
        constexpr std::size_t kHeader = 8;
        while (link.partial.size() >= kHeader) {
            const std::size_t whole = number(link.partial, 4);
            if (whole < kHeader) return false;
            if (link.partial.size() < whole) break;
            const std::span message(link.partial.data(), whole);
            {
                const std::scoped_lock lock(mutex_);
                if (filter_) filter_(message);
            }
            if (!sendAll(link.client, message)) return false;
            link.partial.erase(link.partial.begin(),
                               link.partial.begin() + static_cast<std::ptrdiff_t>(whole));
        }
        return true;
    }

    const std::uint16_t server_;
    const int listener_;
    std::atomic<bool> cut_{false};
    std::atomic<bool> stalled_{false};
    std::atomic<bool> swallowing_{false};
    std::atomic<bool> refusing_{false};
    std::atomic<int> connections_{0};
    std::mutex mutex_;
    Filter filter_;
    std::list<Link> links_;
    std::array<std::uint8_t, 65'536> buffer_{};
    std::jthread thread_;
};

}  // namespace tagwire::source::opcua
