/// Reads attributes of nodes (OPC 10000-4, 5.11.2), any number, within the server's limits.
/// Thread: the source's. Lifetime: functions; the client outlives the answer or drops it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct ReadItem {
    Ua<UA_NodeId> node;
    /// UA_ATTRIBUTEID_*
    UA_UInt32 attribute = UA_ATTRIBUTEID_VALUE;
    /// Of an array: `5`, `2:7`, `0:1,3` (OPC 10000-4, 7.27); empty for all of it.
    std::string indexRange;
};

/// One outcome an item, in their order.
using ReadOutcomes = std::vector<Outcome<UA_DataValue>>;

/// Values may be as old as `maxAge` where the server keeps some; 0: the server asks the device. `limit` is
/// the server's MaxNodesPerRead. `done` is called once and may move the values out.
void readNodes(UaClient& client, std::size_t limit, std::vector<ReadItem> items,
               std::chrono::milliseconds maxAge, std::function<void(ReadOutcomes&)> done);

/// Good, or why there is no value: the service's status or the value's own.
[[nodiscard]] StatusCode statusOf(const Outcome<UA_DataValue>& outcome) noexcept;

}  // namespace tagwire::source::opcua
