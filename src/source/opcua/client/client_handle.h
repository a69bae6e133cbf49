/// RAII of the library's client and of its configuration.
/// Thread: the source's. Lifetime: the logger outlives both.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <open62541/client.h>

#include "source/opcua/client/client_deleter.h"

namespace tagwire::source::opcua {

using ClientHandle = std::unique_ptr<UA_Client, ClientDeleter>;

/// What all our connections have in common: bounded sends and messages, no reconnecting, no detours by way of
/// FindServers, whatever the server says.
class ClientConfig {
public:
    ClientConfig(UA_Logger& logger, const std::string& url, std::chrono::milliseconds timeout);
    ~ClientConfig();
    ClientConfig(const ClientConfig&) = delete;
    ClientConfig& operator=(const ClientConfig&) = delete;

    UA_ClientConfig* operator->() noexcept { return &config_; }
    [[nodiscard]] UA_ClientConfig& get() noexcept { return config_; }

    /// The client takes it over; nothing may be done with it afterwards.
    [[nodiscard]] ClientHandle makeClient();

private:
    UA_ClientConfig config_{};
    bool taken_ = false;
};

/// Why the client will not connect any more, which is Bad; Good while there is hope.
[[nodiscard]] UA_StatusCode connectStatus(UA_Client& client) noexcept;

}  // namespace tagwire::source::opcua
