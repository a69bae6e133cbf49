/// A WebSocket to the gateway by WinHTTP, which brings TLS and its trust from Windows (8 or newer).
/// Thread: send() by any, one at a time within; receive() by one. Lifetime: neither call after it has gone.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bridge/fingerprint.h"
#include "bridge/url.h"

namespace tagwire::da {

class WebSocket {
public:
    /// `path` begins with '/'. `trusted`: the one certificate that is taken, whoever issued it; none: what
    /// Windows trusts. The token is not sent to a gateway with another. The error says what to do.
    [[nodiscard]] static Result<std::unique_ptr<WebSocket>> connect(
        const GatewayUrl& url, std::string_view path, std::string_view token,
        const std::optional<Fingerprint>& trusted = {});
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    [[nodiscard]] Result<void> send(std::string_view text);
    /// The next message; waits for it. The error tells why there is none, with the gateway's reason where it
    /// gave one.
    [[nodiscard]] Result<std::string> receive();
    /// Ends the connection; receive() returns soon.
    void close() noexcept;

private:
    struct Handles;
    explicit WebSocket(std::unique_ptr<Handles> handles);

    std::unique_ptr<Handles> handles_;
    std::mutex sending_;
};

}  // namespace tagwire::da
