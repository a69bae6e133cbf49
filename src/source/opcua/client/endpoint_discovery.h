/// Asks a server for its endpoints, over a connection of its own without security, as OPC UA has it
/// (OPC 10000-4, 5.4.4). What it answers is not to be believed before the server's certificate is verified.
/// Thread: the source's. Lifetime: until the answer is there; answers never reach a destroyed object.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "model/status_code.h"
#include "source/opcua/client/client_handle.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

class EndpointDiscovery {
public:
    /// Begins to connect to `url`, which has a numeric host; the server is told `endpointUrl`, which may have
    /// a name.
    EndpointDiscovery(const std::string& url, const std::string& endpointUrl,
                      std::chrono::milliseconds timeout);
    ~EndpointDiscovery() = default;
    EndpointDiscovery(const EndpointDiscovery&) = delete;
    EndpointDiscovery& operator=(const EndpointDiscovery&) = delete;

    /// Handles what has arrived; waits at most `wait` for something to arrive.
    void run(std::chrono::milliseconds wait);

    /// The server has answered as an OPC UA server does.
    [[nodiscard]] bool reached() const noexcept;
    /// Why there will be no answer; nothing while there is hope.
    [[nodiscard]] std::optional<StatusCode> failure() const noexcept;
    /// Null until it is there.
    [[nodiscard]] const UA_GetEndpointsResponse* answer() const noexcept {
        return answer_ ? &answer_->get() : nullptr;
    }

private:
    void request();
    static void onAnswer(UA_Client* client, void* self, UA_UInt32 requestId, void* response) noexcept;

    UA_Logger logger_;
    std::string endpointUrl_;
    bool requested_ = false;
    std::optional<StatusCode> failure_;
    std::optional<Ua<UA_GetEndpointsResponse>> answer_;
    /// Last, so that what it calls back is still there when it ends.
    ClientHandle client_;
};

}  // namespace tagwire::source::opcua
