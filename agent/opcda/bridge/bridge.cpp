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
#include "bridge/fingerprint.h"
#include "bridge/url.h"
#include "bridge/web_socket.h"
#include "bridge/work.h"
#include "com/platform.h"
#include "com/text.h"
#include "link/backlog.h"
#include "link/frames.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPath = "/api/v1/agent";
constexpr std::string_view kProduct = "tagwire-da-agent " TAGWIRE_AGENT_VERSION;
constexpr auto kTurn = 20ms;
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

/// One connection to the gateway, from its first frame to its last.
class Conversation {
public:
    Conversation(WebSocket& socket, Work& work, std::stop_token stop, const Log& log)
        : socket_(socket), work_(work), stop_(std::move(stop)), log_(log) {}

    /// Why it ended.
    std::string run() {
        const std::jthread reader([this] { read(); });
        const std::jthread pinger([this](const std::stop_token& stop) { ping(stop); });
        work_.gatewayFound();
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
            if (!work_.turn() || !sendReplies()) return;
        }
        end("the agent stops");
    }

    Result<void> handle(const std::string& text) {
        auto frame = parseGatewayFrame(text);
        if (!frame) return fail("the gateway sent what cannot be understood: " + frame.error().message);
        std::visit([this](auto& one) { take(one); }, *frame);
        return {};
    }

    void take(const GatewayHello& hello) { log_("connected to " + hello.server); }
    void take(WatchOrder& order) {
        // Where it is gone already, send() has said why.
        static_cast<void>(
            work_.order(std::move(order), [this](const std::string& out) { return send(out); }));
    }
    void take(const Acknowledged& ack) { work_.acknowledged(ack.sequence); }
    void take(const NothingToDo&) {}
    void take(BrowseOrder& order) { work_.answer(std::move(order)); }
    void take(LookOrder& order) { work_.answer(std::move(order)); }
    void take(SearchOrder& order) { work_.answer(std::move(order)); }
    void take(WriteOrder& order) { work_.answer(std::move(order)); }

    bool sendReplies() {
        return std::ranges::all_of(work_.replies(), [this](const std::string& frame) { return send(frame); });
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

Result<std::optional<Fingerprint>> trustedCertificate(const BridgeOptions& options) {
    if (options.gatewaySha256.empty()) return std::nullopt;
    if (!options.gateway.starts_with("wss://"))
        return fail("--gateway-sha256 is for wss:// alone: over ws:// the gateway shows no certificate");
    auto fingerprint = parseFingerprint(options.gatewaySha256);
    if (!fingerprint) return tl::unexpected(fingerprint.error());
    return *fingerprint;
}

Result<Backlog> openBacklog(const BridgeOptions& options) {
    return Backlog::open({.folder = std::filesystem::path(utf16Of(options.keepFolder)),
                          .maxBytes = std::uint64_t{options.keepMegabytes} * kMegabyte});
}

}  // namespace

Result<void> checkBridge(const BridgeOptions& options) {
    if (const auto url = parseGatewayUrl(options.gateway, options.allowPlain); !url)
        return tl::unexpected(url.error());
    if (const auto token = readToken(options.tokenFile); !token) return tl::unexpected(token.error());
    if (const auto trusted = trustedCertificate(options); !trusted) return tl::unexpected(trusted.error());
    return {};
}

Result<void> runBridge(const BridgeOptions& options, const std::stop_token& stop, const Log& log) {
    const auto url = parseGatewayUrl(options.gateway, options.allowPlain);
    if (!url) return tl::unexpected(url.error());
    const auto token = readToken(options.tokenFile);
    if (!token) return tl::unexpected(token.error());
    const auto trusted = trustedCertificate(options);
    if (!trusted) return tl::unexpected(trusted.error());
    auto backlog = openBacklog(options);
    if (!backlog) return tl::unexpected(backlog.error());
    Work work(std::move(*backlog), log);
    std::uint64_t lost = 0;
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
        auto socket = WebSocket::connect(*url, kPath, *token, *trusted);
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
        if (const auto now = work.lost(); now != lost) {
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
