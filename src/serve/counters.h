/// What a shard counts; read by /metrics.
/// Thread: counted by the shard's, read by any. Lifetime: owned by the shard.
#pragma once

#include "base/counter.h"

namespace tagwire::serve {

struct ShardCounters {
    Gauge connections;
    Gauge webSockets;
    Gauge eventStreams;
    Gauge subscriptions;
    Counter accepted;
    Counter refused;
    Counter refusedRequests;
    Counter requests;
    Counter framesSent;
    Counter bytesSent;
    Counter messagesReceived;
    Counter errorsAnswered;
    Counter slowClients;
    Counter tlsFailures;
};

}  // namespace tagwire::serve
