#include "bridge/bridge.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/time.h"
#include "bridge/da_session.h"
#include "bridge/url.h"
#include "bridge/web_socket.h"
#include "com/platform.h"
#include "com/text.h"
#include "link/backlog.h"
#include "link/frames.h"
#include "link/outbox.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPath = "/api/v1/agent";
constexpr std::string_view kProduct = "tagwire-da-agent " TAGWIRE_AGENT_VERSION;
constexpr auto kTurn = 20ms;
constexpr auto kFlush = 1s;
constexpr std::uint64_t kMegabyte = std::uint64_t{1024} * 1024;
constexpr auto kPing = 5s;
constexpr std::chrono::milliseconds kFirstPause = 1s;
constexpr std::chrono::milliseconds kLongestPause = 30s;

/// The console's handler has no argument of ours, so this one is of the process.
std::stop_source& consoleStop() {
    static std::stop_source source;
    return source;
}

BOOL WINAPI onConsoleEvent(DWORD) {
    consoleStop().request_stop();
    return TRUE;
}

std::string machineName() {
    std::array<wchar_t, MAX_COMPUTERNAME_LENGTH + 1> name{};
    auto size = static_cast<DWORD>(name.size());
    return GetComputerNameW(name.data(), &size) == FALSE ? std::string{}
                                                         : utf8Of(std::wstring_view(name.data(), size));
}

Result<std::string> readToken(const std::string& file) {
    std::ifstream stream(utf16Of(file).c_str());
    std::string token;
    if (!stream || !std::getline(stream, token)) return fail("cannot read the token file " + file);
    const auto end = token.find_last_not_of(" \t\r\n");
    token.resize(end == std::string::npos ? 0 : end + 1);
    constexpr std::size_t kShortest = 16;
    const bool printable = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7F'; });
    if (token.size() < kShortest || !printable)
        return fail("the first line of " + file +
                    " is no token: at least 16 printable characters without blanks");
    return token;
}

/// What a gateway has ordered, which goes on while it is away.
/// Thread: the bridge's.
class Work {
public:
    Work(Backlog backlog, const Log& log)
        : outbox_(std::make_shared<Outbox>(std::move(backlog))), log_(log) {}

    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
        session_.reset();
        outbox_->flush();
    }

    [[nodiscard]] Outbox& outbox() noexcept { return *outbox_; }

    /// False: the gateway has gone.
    [[nodiscard]] bool order(WatchOrder order, DaSession::Send send) {
        if (!session_ || session_->order() != order) {
            session_.reset();
            session_.emplace(std::move(order), outbox_, log_);
        }
        // Not before: what is taken out has to reach somebody.
        outbox_->connected();
        return session_->attach(std::move(send));
    }
    /// False: the gateway has gone.
    [[nodiscard]] bool turn() {
        const auto now = SteadyClock::now();
        if (now >= flush_) {
            flush_ = now + kFlush;
            outbox_->flush();
        }
        return !session_ || session_->turn(now);
    }
    void gatewayLost() {
        if (session_) session_->detach();
        outbox_->disconnected(wallClockNow());
    }

private:
    const std::shared_ptr<Outbox> outbox_;
    const Log& log_;
    std::optional<DaSession> session_;
    SteadyTime flush_{};
};

/// One connection to the gateway, from its first frame to its last.
class Conversation {
public:
    Conversation(WebSocket& socket, Work& work, std::stop_token stop, const Log& log)
        : socket_(socket), work_(work), stop_(std::move(stop)), log_(log) {}

    /// Why it ended.
    std::string run() {
        const std::jthread reader([this] { read(); });
        const std::jthread pinger([this](const std::stop_token& stop) { ping(stop); });
        if (send(agentHello(kProduct, machineName()))) talk();
        work_.gatewayLost();
        socket_.close();  // which ends the reader
        return reason();
    }

private:
    void talk() {
        while (!stop_.stop_requested()) {
            std::vector<std::string> frames;
            {
                std::unique_lock lock(mutex_);
                changed_.wait_for(lock, kTurn, [this] { return !frames_.empty() || ended_; });
                frames.swap(frames_);
                if (ended_ && frames.empty()) return;
            }
            for (const auto& frame : frames) {
                if (const auto done = handle(frame); !done) return end(done.error().message);
            }
            if (!work_.turn()) return;
        }
        end("the agent stops");
    }

    Result<void> handle(const std::string& text) {
        auto frame = parseGatewayFrame(text);
        if (!frame) return fail("the gateway sent what cannot be understood: " + frame.error().message);
        if (auto* order = std::get_if<WatchOrder>(&*frame)) {
            // Where it is gone already, send() has said why.
            static_cast<void>(
                work_.order(std::move(*order), [this](const std::string& out) { return send(out); }));
        } else if (const auto* ack = std::get_if<Acknowledged>(&*frame)) {
            work_.outbox().acknowledged(ack->sequence);
        } else if (const auto* hello = std::get_if<GatewayHello>(&*frame)) {
            log_("connected to " + hello->server);
        }
        return {};
    }

    void read() {
        for (;;) {
            auto message = socket_.receive();
            if (!message) return end(message.error().message);
            const std::lock_guard lock(mutex_);
            frames_.push_back(std::move(*message));
            changed_.notify_one();
        }
    }

    void ping(const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, kPing, [] { return false; }) && !stop.stop_requested()) {
            if (!send(pingFrame())) return;
        }
    }

    bool send(const std::string& frame) {
        const auto sent = socket_.send(frame);
        if (!sent) end(sent.error().message);
        return sent.has_value();
    }

    /// The first reason is the one that counts.
    void end(std::string why) {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(ended_, true)) reason_ = std::move(why);
        changed_.notify_one();
    }
    std::string reason() {
        const std::lock_guard lock(mutex_);
        return reason_;
    }

    WebSocket& socket_;
    Work& work_;
    const std::stop_token stop_;
    const Log& log_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string>
        frames_;  ///< the gateway sends an order, and at most one ack for each of our frames
    bool ended_ = false;
    std::string reason_;
};

Result<Backlog> openBacklog(const BridgeOptions& options) {
    return Backlog::open({.folder = std::filesystem::path(utf16Of(options.keepFolder)),
                          .maxBytes = std::uint64_t{options.keepMegabytes} * kMegabyte});
}

}  // namespace

Result<void> checkBridge(const BridgeOptions& options) {
    if (const auto url = parseGatewayUrl(options.gateway, options.allowPlain); !url)
        return tl::unexpected(url.error());
    if (const auto token = readToken(options.tokenFile); !token) return tl::unexpected(token.error());
    return {};
}

Result<void> runBridge(const BridgeOptions& options, const std::stop_token& stop, const Log& log) {
    const auto url = parseGatewayUrl(options.gateway, options.allowPlain);
    if (!url) return tl::unexpected(url.error());
    const auto token = readToken(options.tokenFile);
    if (!token) return tl::unexpected(token.error());
    auto backlog = openBacklog(options);
    if (!backlog) return tl::unexpected(backlog.error());
    Work work(std::move(*backlog), log);
    std::uint64_t lost = 0;
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
        auto socket = WebSocket::connect(*url, kPath, *token);
        if (socket) {
            const auto since = SteadyClock::now();
            log(Conversation(**socket, work, stop, log).run());
            if (SteadyClock::now() - since > kLongestPause) pause = kFirstPause;
        } else {
            log(socket.error().message);
        }
        const auto until = SteadyClock::now() + pause;
        while (!stop.stop_requested() && SteadyClock::now() < until) {
            static_cast<void>(work.turn());  // false is for a gateway that goes
            std::this_thread::sleep_for(kTurn);
        }
        if (const auto now = work.outbox().lost(); now != lost) {
            log(fmt::format(
                "{} values that waited for the gateway are lost: they found no room, or nobody wants "
                "them any more",
                now - std::exchange(lost, now)));
        }
        pause = std::min(pause * 2, kLongestPause);
    }
    return {};
}

Result<void> runBridgeAtConsole(const BridgeOptions& options) {
    SetConsoleCtrlHandler(onConsoleEvent, TRUE);
    return runBridge(options, consoleStop().get_token(),
                     [](const std::string& text) { std::fputs((text + "\n").c_str(), stderr); });
}

}  // namespace tagwire::da
