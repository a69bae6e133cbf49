/// Writes values of variables as one expects it at the console: asks each node first what it takes, makes the
/// value fit or says why it does not, writes, and reads back what the node made of it (OPC 10000-4, 5.11.4).
/// Thread: the source's. Lifetime: functions; the client and the types outlive the answer or drop it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/values/value_encode.h"

namespace tagwire::source::opcua {

struct WriteItem {
    Ua<UA_NodeId> node;
    /// Of an array: `5`, `2:7`; empty for all of it.
    std::string indexRange;
    /// Called once, when the node's type has been read.
    ValueEncoder encode;
};

struct WriteOutcome {
    /// Good when it was written. Uncertain and other good codes are the server's.
    StatusCode status;
    /// Why it was not written and what to do; or that the node now has another value than was written.
    std::string message;
    /// What was asked first. Where the data type leaves open which structure it is, that of the present
    /// value.
    WriteTarget target;
    /// The node before the write, as far as it tells.
    Ua<UA_DataValue> before;
    /// The node after the write, empty where nothing was written.
    Ua<UA_DataValue> readBack;
    /// It was sent, but no answer came: whether it was written is not known.
    bool unknown = false;
};

struct WriteTerms {
    /// Nothing is sent from then on; what is too late then is answered with BadRequestTimeout.
    SteadyTime deadline = SteadyTime::max();
    /// Called before the first value is sent.
    std::function<void()> onSend = {};
};

/// Any number, within the server's limits. `done` is called once, with one outcome an item in their order.
void writeNodes(UaClient& client, const OperationLimits& limits, TypeReader& types,
                std::vector<WriteItem> items, std::function<void(std::vector<WriteOutcome>&)> done,
                WriteTerms terms = {});

}  // namespace tagwire::source::opcua
