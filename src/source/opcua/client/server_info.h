/// What has to be known of a server before its nodes can be named and its limits kept (OPC 10000-5, 6.3).
/// Thread: the source's. Lifetime: one generation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/client/ua_client.h"

namespace tagwire::source::opcua {

/// Operations that the server takes in one call (OPC 10000-5, 6.3.11); 0 where it sets or tells no limit.
struct OperationLimits {
    std::uint32_t read = 0;
    std::uint32_t write = 0;
    std::uint32_t call = 0;
    std::uint32_t browse = 0;
    std::uint32_t translateBrowsePaths = 0;
    std::uint32_t historyReadData = 0;
    std::uint32_t monitoredItems = 0;
};

class ServerInfo {
public:
    explicit ServerInfo(UaClient& client) noexcept : client_(client) {}

    /// Asks the server. One node a call, because a limit on the nodes in a call is not known yet.
    void request();
    [[nodiscard]] bool complete() const noexcept { return requested_ && open_ == 0; }

    /// Index 0 is OPC UA itself; nothing more where the server does not tell.
    [[nodiscard]] const std::vector<std::string>& namespaces() const noexcept { return namespaces_; }
    [[nodiscard]] const OperationLimits& limits() const noexcept { return limits_; }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

private:
    void read(UA_UInt32 node, std::function<void(const UA_Variant&)> take);
    void readLimit(UA_UInt32 node, std::uint32_t& limit);
    void takeNamespaces(const UA_Variant& value);

    UaClient& client_;
    bool requested_ = false;
    int open_ = 0;
    std::vector<std::string> namespaces_{"http://opcfoundation.org/UA/"};
    OperationLimits limits_;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
