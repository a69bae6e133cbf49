/// Reads the raw history of nodes, in pages and within bounds (OPC 10000-11, 6.4.3; OPC 10000-4, 5.11.3).
/// Thread: the source's. Lifetime: a reading keeps itself alive until its last answer; the client outlives
/// the answers or drops them. What stays at the server for the next page is released whenever a reading ends
/// early.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/services/operation.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct HistoryQuery {
    /// By source time; `end` itself is not part of it (OPC 10000-11, 6.4.3.2). With `start` after `end` the
    /// newest come first.
    Timestamp start;
    Timestamp end;
    /// Of each node; at least 1.
    std::size_t maxPerNode = 10'000;
    /// Of all nodes together; at least 1. Where it is reached the rest has `more`.
    std::size_t maxOverall = 1'000'000;
    /// Also the values at the ends of the range, or next to them (OPC 10000-11, 3.1.2).
    bool bounds = false;
};

struct HistoryOutcome {
    /// Good also when there is nothing in the range. Otherwise why there is no more than `values`.
    StatusCode status;
    /// In the order of the query.
    std::vector<DataValue> values;
    /// A bound was reached and the server has more.
    bool more = false;
};

class HistoryReading : public Cancellable {
public:
    /// Values that one answer brings, at most: of one node, and of all its nodes together.
    static constexpr std::size_t kMaxPage = 10'000;
    static constexpr std::size_t kMaxPerAnswer = 50'000;
    /// Nodes in one call where the server sets no lower limit.
    static constexpr std::size_t kMaxNodesPerCall = 100;
    /// What a reading keeps of the server's answers at most, as bytes on the wire.
    static constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;
};

/// `done` is called once, with one outcome a node in their order. `server` and `types` outlive the answers.
/// Structures come decoded: a page waits until the types that it mentions are read.
std::shared_ptr<HistoryReading> readHistory(UaClient& client, const ServerInfo& server, TypeReader& types,
                                            const HistoryQuery& query, std::vector<Ua<UA_NodeId>> nodes,
                                            std::function<void(std::vector<HistoryOutcome>&)> done);

/// Why there is no history, in words; empty for Good.
[[nodiscard]] std::string historyAdvice(StatusCode status);

}  // namespace tagwire::source::opcua
