/// Calls methods with inputs that are made to fit: asks each method first which arguments it has, and names
/// the outputs (OPC 10000-4, 5.12.2). Thread: the source's. Lifetime: functions; the client and the
/// types outlive the answer or drop it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/status_code.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/values/value_encode.h"

namespace tagwire::source::opcua {

/// OPC 10000-3, 8.6
struct MethodArgument {
    std::string name;
    std::string description;
    WriteTarget type;
};

struct CallItem {
    Ua<UA_NodeId> object;
    Ua<UA_NodeId> method;
    /// One an input argument, called when the types have been read.
    std::vector<ValueEncoder> inputs;
    /// Asks which arguments there are and does not call.
    bool describeOnly = false;
};

struct CallOutcome {
    /// Good when the method ran. Uncertain and other good codes are the method's.
    StatusCode status;
    /// Why it did not run, naming the argument that is wrong.
    std::string message;
    std::vector<MethodArgument> inputs;
    std::vector<MethodArgument> outputs;
    /// At most as many as `outputs` has, unless the server does not describe them.
    UaArray<UA_Variant> results;
};

/// Any number, within the server's limits. `done` is called once, with one outcome an item in their order.
void callMethods(UaClient& client, const OperationLimits& limits, TypeReader& types,
                 std::vector<CallItem> items, std::function<void(std::vector<CallOutcome>&)> done);

/// `(Speed: Double, Steps: Int32[])`, as messages show what a method takes.
[[nodiscard]] std::string signatureText(const std::vector<MethodArgument>& arguments,
                                        const StructureTypes& types);

}  // namespace tagwire::source::opcua
