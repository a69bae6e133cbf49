#include "bridge/bridge.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
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
#include "link/frames.h"
#include "link/outbox.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPath = "/api/v1/agent";
constexpr std::string_view kProduct = "tagwire-da-agent " TAGWIRE_AGENT_VERSION;
constexpr auto kTurn = 20ms;
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

/// One connection to the gateway, from its first frame to its last.
class Conversation {
public:
    Conversation(WebSocket& socket, std::stop_token stop, const Log& log)
        : socket_(socket), stop_(std::move(stop)), log_(log) {}

    /// Why it ended.
    std::string run() {
        const std::jthread reader([this] { read(); });
        const std::jthread pinger([this](const std::stop_token& stop) { ping(stop); });
        if (send(agentHello(kProduct, machineName()))) talk();
        session_.reset();
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
            if (session_ && !session_->turn(SteadyClock::now())) return;
        }
        end("the agent stops");
    }

    Result<void> handle(const std::string& text) {
        auto frame = parseGatewayFrame(text);
        if (!frame) return fail("the gateway sent what cannot be understood: " + frame.error().message);
        if (auto* order = std::get_if<WatchOrder>(&*frame)) {
            session_.emplace(
                std::move(*order), outbox_, [this](const std::string& out) { return send(out); }, log_);
        } else if (const auto* ack = std::get_if<Acknowledged>(&*frame)) {
            outbox_->acknowledged(ack->sequence);
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
    const std::stop_token stop_;
    const Log& log_;
    const std::shared_ptr<Outbox> outbox_ = std::make_shared<Outbox>();
    std::optional<DaSession> session_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string>
        frames_;  ///< the gateway sends an order, and at most one ack for each of our frames
    bool ended_ = false;
    std::string reason_;
};

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
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
        auto socket = WebSocket::connect(*url, kPath, *token);
        if (socket) {
            const auto since = SteadyClock::now();
            log(Conversation(**socket, stop, log).run());
            if (SteadyClock::now() - since > kLongestPause) pause = kFirstPause;
        } else {
            log(socket.error().message);
        }
        const auto until = SteadyClock::now() + pause;
        while (!stop.stop_requested() && SteadyClock::now() < until) std::this_thread::sleep_for(100ms);
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
