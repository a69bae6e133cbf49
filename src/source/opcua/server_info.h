/// What has to be known of a server before its nodes can be named and its limits kept (OPC 10000-5, 6.3).
/// Thread: the source's. Lifetime: one generation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/ua_client.h"

namespace tagwire::source::opcua {

class ServerInfo {
public:
    explicit ServerInfo(UaClient& client) noexcept : client_(client) {}

    /// Asks the server. One node a call, because a limit on the nodes in a call is not known yet.
    void request();
    [[nodiscard]] bool complete() const noexcept { return requested_ && open_ == 0; }

    /// Index 0 is OPC UA itself; nothing more where the server does not tell.
    [[nodiscard]] const std::vector<std::string>& namespaces() const noexcept { return namespaces_; }
    /// MaxMonitoredItemsPerCall; 0 where the server sets or tells none.
    [[nodiscard]] std::uint32_t maxMonitoredItemsPerCall() const noexcept {
        return maxMonitoredItemsPerCall_;
    }
    /// Why this connection cannot be of use; Good as long as it can.
    [[nodiscard]] StatusCode fault() const noexcept { return fault_; }

private:
    void read(UA_UInt32 node, void (ServerInfo::*take)(const UA_Variant&));
    void takeNamespaces(const UA_Variant& value);
    void takeMaxMonitoredItemsPerCall(const UA_Variant& value);

    UaClient& client_;
    bool requested_ = false;
    int open_ = 0;
    std::vector<std::string> namespaces_{"http://opcfoundation.org/UA/"};
    std::uint32_t maxMonitoredItemsPerCall_ = 0;
    StatusCode fault_;
};

}  // namespace tagwire::source::opcua
