#include "bridge/web_socket.h"

#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "bridge/certificate_check.h"
#include "bridge/win_http.h"
#include "com/platform.h"
#include "com/text.h"
#include "link/frames.h"

namespace tagwire::da {
namespace {

constexpr std::size_t kMaxMessage = std::size_t{16} * 1024 * 1024;
/// The gateway sends something every 10 s at least, unless it is configured otherwise.
constexpr int kReceiveTimeoutMs = 60'000;
constexpr int kTimeoutMs = 15'000;

/// What Windows has since version 8: looked up, so that the program starts on older ones, too.
struct Api {
    decltype(&WinHttpWebSocketCompleteUpgrade) completeUpgrade = nullptr;
    decltype(&WinHttpWebSocketSend) send = nullptr;
    decltype(&WinHttpWebSocketReceive) receive = nullptr;
    decltype(&WinHttpWebSocketShutdown) shutdown = nullptr;
    decltype(&WinHttpWebSocketQueryCloseStatus) queryCloseStatus = nullptr;

    [[nodiscard]] bool complete() const noexcept {
        return completeUpgrade != nullptr && send != nullptr && receive != nullptr && shutdown != nullptr &&
               queryCloseStatus != nullptr;
    }
};

template <class Function>
void lookUp(Function& function, const char* name) {
    const auto found = GetProcAddress(GetModuleHandleW(L"winhttp.dll"), name);
    static_assert(sizeof found == sizeof function);
    std::memcpy(&function, &found, sizeof function);
}

const Api& api() {
    static const Api one = [] {
        Api made;
        lookUp(made.completeUpgrade, "WinHttpWebSocketCompleteUpgrade");
        lookUp(made.send, "WinHttpWebSocketSend");
        lookUp(made.receive, "WinHttpWebSocketReceive");
        lookUp(made.shutdown, "WinHttpWebSocketShutdown");
        lookUp(made.queryCloseStatus, "WinHttpWebSocketQueryCloseStatus");
        return made;
    }();
    return one;
}

Result<void> checkStatus(HINTERNET request) {
    DWORD status = 0;
    DWORD size = sizeof status;
    WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, nullptr, &status,
                        &size, nullptr);
    switch (status) {
        case 101: return {};
        case 401:
            return fail(
                "the gateway does not know the token: compare the token file with token_sha256 in its "
                "configuration");
        case 403:
            return fail("the gateway is not served under this name: see its option server.allowed_hosts");
        case 404:
            return fail("the gateway expects no agents: an [[opcda]] entry is missing in its configuration");
        default: return fail(fmt::format("the gateway refuses (HTTP {})", status));
    }
}

}  // namespace

struct WebSocket::Handles {
    WinHttpHandle session;
    WinHttpHandle connection;
    WinHttpHandle socket;
};

WebSocket::WebSocket(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
WebSocket::~WebSocket() = default;

Result<std::unique_ptr<WebSocket>> WebSocket::connect(const GatewayUrl& url, std::string_view path,
                                                      std::string_view token,
                                                      const std::optional<Fingerprint>& trusted) {
    if (!api().complete()) return fail("this Windows has no WebSockets: it is older than Windows 8");
    const auto what = "cannot connect to " + url.host;
    auto handles = std::make_unique<Handles>();
    handles->session = WinHttpHandle(WinHttpOpen(L"tagwire-da-agent", WINHTTP_ACCESS_TYPE_DEFAULT_PROXY,
                                                 WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0));
    if (!handles->session) return winHttpFailure(what, GetLastError());
    WinHttpSetTimeouts(handles->session.get(), kTimeoutMs, kTimeoutMs, kTimeoutMs, kReceiveTimeoutMs);
    handles->connection =
        WinHttpHandle(WinHttpConnect(handles->session.get(), utf16Of(url.host).c_str(), url.port, 0));
    if (!handles->connection) return winHttpFailure(what, GetLastError());
    // Windows sends headers as soon as a connection is encrypted, whoever has its other end. So where one
    // certificate is trusted, the token goes into a frame, when that has been looked at.
    const bool pinned = trusted && url.tls;
    const auto target = utf16Of(pinned ? std::string(path) + "?auth=frame" : std::string(path));
    WinHttpHandle request(WinHttpOpenRequest(handles->connection.get(), L"GET", target.c_str(), nullptr,
                                             WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                                             url.tls ? WINHTTP_FLAG_SECURE : 0));
    if (!request) return winHttpFailure(what, GetLastError());
    if (WinHttpSetOption(request.get(), WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, nullptr, 0) == FALSE)
        return winHttpFailure(what, GetLastError());
    // A redirection would take the token elsewhere.
    DWORD never = WINHTTP_OPTION_REDIRECT_POLICY_NEVER;
    WinHttpSetOption(request.get(), WINHTTP_OPTION_REDIRECT_POLICY, &never, sizeof never);
    if (pinned && !takeAnyCertificate(request.get())) return winHttpFailure(what, GetLastError());
    const auto header = pinned ? std::wstring() : utf16Of(fmt::format("Authorization: Bearer {}\r\n", token));
    if (const DWORD sent = sendRequest(request.get(), header); sent != ERROR_SUCCESS)
        return winHttpFailure(what, sent);
    if (WinHttpReceiveResponse(request.get(), nullptr) == FALSE) return winHttpFailure(what, GetLastError());
    if (pinned) {
        if (auto good = checkCertificate(request.get(), *trusted); !good) return tl::unexpected(good.error());
    }
    if (auto good = checkStatus(request.get()); !good) return tl::unexpected(good.error());
    handles->socket = WinHttpHandle(api().completeUpgrade(request.get(), 0));
    if (!handles->socket) return winHttpFailure(what, GetLastError());
    std::unique_ptr<WebSocket> socket(new WebSocket(std::move(handles)));
    if (pinned) {
        if (auto shown = socket->send(authFrame(token)); !shown) return tl::unexpected(shown.error());
    }
    return socket;
}

Result<void> WebSocket::send(std::string_view text) {
    const std::lock_guard lock(sending_);
    std::string copy(text);  // the call takes bytes that it may change
    const DWORD code = api().send(handles_->socket.get(), WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE,
                                  copy.data(), static_cast<DWORD>(copy.size()));
    if (code != ERROR_SUCCESS) return winHttpFailure("cannot send to the gateway", code);
    return {};
}

Result<std::string> WebSocket::receive() {
    std::string message;
    std::array<char, 16 * 1024> part{};
    for (;;) {
        DWORD size = 0;
        WINHTTP_WEB_SOCKET_BUFFER_TYPE type = WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
        const DWORD code =
            api().receive(handles_->socket.get(), part.data(), static_cast<DWORD>(part.size()), &size, &type);
        // Windows calls an end without a word an invalid response.
        if (code == ERROR_WINHTTP_INVALID_SERVER_RESPONSE)
            return winHttpFailure("the gateway is gone", ERROR_WINHTTP_CONNECTION_ERROR);
        if (code != ERROR_SUCCESS) return winHttpFailure("the gateway is gone", code);
        if (type == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE) break;
        if (message.size() + size > kMaxMessage)
            return fail("the gateway sent a message of more than 16 MiB");
        message.append(part.data(), size);
        if (type == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE) return message;
        if (type != WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE)
            return fail("the gateway sent bytes, not text");
    }
    USHORT status = 0;
    std::array<char, WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH + 1> reason{};
    DWORD length = 0;
    api().queryCloseStatus(handles_->socket.get(), &status, reason.data(),
                           WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH, &length);
    return fail(fmt::format("the gateway ended the connection ({}): {}", status,
                            std::string_view(reason.data(), length)));
}

void WebSocket::close() noexcept {
    const std::lock_guard lock(sending_);
    api().shutdown(handles_->socket.get(), WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS, nullptr, 0);
}

}  // namespace tagwire::da
