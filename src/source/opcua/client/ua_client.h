/// One connection attempt to one server and what becomes of it: a generation. First the server is asked for
/// its endpoints, over a connection of its own; then the one that the options ask for is connected to, if the
/// server's certificate is trusted. The library's own recovery is switched off; after any failure the
/// generation is closed and a new one is made. Thread: the source's. Lifetime: owned by the session's
/// generation; answers never reach a destroyed object.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <open62541/client.h>

#include "base/result.h"
#include "base/thread_checker.h"
#include "model/status_code.h"
#include "source/opcua/client/client_handle.h"
#include "source/opcua/client/connection_security.h"
#include "source/opcua/client/endpoint_discovery.h"
#include "source/opcua/security_options.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// What it takes to go on with a session over another connection (OPC 10000-4, 5.7.3).
struct SessionKey {
    Ua<UA_NodeId> authenticationToken;
    std::string serverNonce;
};

struct ClientSettings {
    /// Where to connect: a numeric host, so that nothing is looked up on the I/O thread.
    std::string url;
    std::string sessionName;
    std::chrono::milliseconds requestTimeout;
    std::chrono::milliseconds sessionTimeout;
    /// Goes on with this session instead of opening one; fails if the server no longer has it.
    std::shared_ptr<const SessionKey> resume = {};
    /// The URL as configured, whose host the server's certificate has to name; empty: `url`.
    std::string endpoint = {};
    SecurityOptions security = {};
};

class UaClient {
public:
    explicit UaClient(const ClientSettings& settings);
    /// Sends what still closes the session, without waiting for the answer.
    ~UaClient();
    UaClient(const UaClient&) = delete;
    UaClient& operator=(const UaClient&) = delete;

    /// Begins to connect; run() goes on with it.
    void connect();

    /// Handles what has arrived; waits at most `wait` for something to arrive. Answers are delivered from
    /// here.
    void run(std::chrono::milliseconds wait);

    /// The session is open and activated, and the connection stands.
    [[nodiscard]] bool active() const noexcept;
    /// Why there will be no connection any more, which is Bad; nothing while there is hope.
    [[nodiscard]] std::optional<StatusCode> failure() const noexcept;
    /// What happened and what to do, if the failure has to do with security; otherwise empty. To be read
    /// after the server's name or address, such as "opc.tcp://plc:4840: the certificate of …".
    [[nodiscard]] std::string failureWords() const;
    /// The server has answered on this connection, as an OPC UA server does.
    [[nodiscard]] bool reached() const noexcept { return reached_; }
    /// Steps on the way to an active session that are done: grows, by a few in all.
    [[nodiscard]] int progress() const noexcept {
        return (reached_ ? 1 : 0) + (client_ ? 1 : 0) + (channelAsked_ ? 1 : 0) + (channelOpened_ ? 1 : 0) +
               (sessionMade_ ? 1 : 0);
    }

    /// Asks the server to end the session with its subscriptions. From now on no answer is delivered.
    void beginClose();
    /// Ends the connection, but not the session: another connection may go on with it, or take over its
    /// subscriptions. From now on no answer is delivered.
    void beginLeave();
    /// To go on with the session over another connection; null when it is not active.
    [[nodiscard]] std::shared_ptr<const SessionKey> sessionKey() const;
    /// Nothing is left to wait for.
    [[nodiscard]] bool closed() const noexcept;

    /// Sends a request. `onAnswer` is called once from run() or close: with the answer, or with an empty one
    /// whose serviceResult says why there is none (BadTimeout after the request timeout). It may move data
    /// out of the answer; it must not destroy this object. Good if the request was sent; otherwise `onAnswer`
    /// is never called.
    template <class Response, class Request>
    [[nodiscard]] StatusCode call(Ua<Request>& request, std::function<void(Response&)> onAnswer) {
        return send(
            &request.get(), dataTypeOf<Request>(), dataTypeOf<Response>(),
            [answer = std::move(onAnswer)](void* response) { answer(*static_cast<Response*>(response)); });
    }

private:
    struct Pending {
        UaClient& owner;
        std::function<void(void*)> onAnswer;
    };

    void discover(std::chrono::milliseconds wait);
    void openSession(const UA_GetEndpointsResponse& endpoints);
    void fail(Refusal refusal);
    [[nodiscard]] SecurityStage stage() const noexcept;
    [[nodiscard]] StatusCode send(void* request, const UA_DataType& requestType,
                                  const UA_DataType& responseType, std::function<void(void*)> onAnswer);
    // Called by C code, which no exception may cross.
    static void onResponse(UA_Client* client, void* pending, UA_UInt32 requestId, void* response) noexcept;
    static void onState(UA_Client* client, UA_SecureChannelState channel, UA_SessionState session,
                        UA_StatusCode connectStatus) noexcept;

    ThreadChecker thread_;
    const ClientSettings settings_;
    UA_Logger logger_;
    bool muted_ = false;
    bool channelAsked_ = false;
    bool channelOpened_ = false;
    bool sessionMade_ = false;
    bool wasActive_ = false;
    bool reached_ = false;
    std::optional<Refusal> refusal_;
    ConnectionSecurity security_;
    std::unique_ptr<EndpointDiscovery> discovery_;
    /// Null until the endpoints are known.
    ClientHandle client_;
};

}  // namespace tagwire::source::opcua
