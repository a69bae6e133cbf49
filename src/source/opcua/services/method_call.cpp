#include "source/opcua/services/method_call.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <open62541/nodeids.h>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/services/read.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

/// More than any method has.
constexpr std::size_t kMaxArguments = 256;
constexpr std::array<std::string_view, 2> kProperties{"InputArguments", "OutputArguments"};
/// Attributes of the method itself that are asked before the properties.
constexpr std::array<UA_UInt32, 3> kMethodAttributes{UA_ATTRIBUTEID_NODECLASS, UA_ATTRIBUTEID_EXECUTABLE,
                                                     UA_ATTRIBUTEID_USEREXECUTABLE};

std::vector<MethodArgument> argumentsOf(const UA_Variant& value, StructureTypes& types) {
    std::vector<MethodArgument> arguments;
    if (!UA_Variant_hasArrayType(&value, &UA_TYPES[UA_TYPES_ARGUMENT])) return arguments;
    const auto* first = static_cast<const UA_Argument*>(value.data);
    const std::size_t count = std::min(value.arrayLength, kMaxArguments);
    for (const UA_Argument* each = first; each != first + count; ++each) {
        MethodArgument& argument = arguments.emplace_back();
        argument.name = view(each->name);
        argument.description = view(each->description.text);
        argument.type.dataType = types.typeOf(each->dataType);
        argument.type.valueRank = each->valueRank;
        if (each->arrayDimensionsSize <= TypeLimits::kMaxDimensions) {
            argument.type.arrayDimensions.assign(each->arrayDimensions,
                                                 each->arrayDimensions + each->arrayDimensionsSize);
        }
    }
    return arguments;
}

std::string wordsFor(StatusCode status) {
    switch (status.code()) {
        case UA_STATUSCODE_BADMETHODINVALID:
            return "the object has no such method: name the object that the method belongs to";
        case UA_STATUSCODE_BADNODEIDUNKNOWN: return "the server has no such object or method";
        case UA_STATUSCODE_BADNOTEXECUTABLE: return "the method cannot be run at present";
        case UA_STATUSCODE_BADUSERACCESSDENIED:
            return "this user may not call the method: connect as one who may";
        case UA_STATUSCODE_BADARGUMENTSMISSING: return "the server misses arguments";
        case UA_STATUSCODE_BADTOOMANYARGUMENTS: return "these are more arguments than the method takes";
        case UA_STATUSCODE_BADINVALIDARGUMENT: return "the method does not take an argument";
        case UA_STATUSCODE_BADTIMEOUT:
            return "the server did not answer in time; whether the method ran is not known: call it with a "
                   "longer timeout "
                   "if it takes long";
        default: return fmt::format("the method failed ({})", statusText(status));
    }
}

/// Calls on their way through the steps. Kept alive by the answers it waits for.
class Calling : public std::enable_shared_from_this<Calling> {
public:
    Calling(UaClient& client, const OperationLimits& limits, TypeReader& reader, std::vector<CallItem> items,
            std::function<void(std::vector<CallOutcome>&)> done)
        : client_(client),
          limits_(limits),
          reader_(reader),
          items_(std::move(items)),
          outcomes_(items_.size()),
          done_(std::move(done)) {}

    void ask() {
        std::vector<ReadItem> asked;
        for (const CallItem& item : items_) {
            for (const UA_UInt32 attribute : kMethodAttributes)
                asked.push_back({copyOf(item.method.get()), attribute, {}});
        }
        readNodes(client_, limits_.read, std::move(asked), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeAttributes(answers); });
    }

private:
    void refuse(std::size_t i, StatusCode status, std::string message) {
        outcomes_[i].status = status;
        outcomes_[i].message = std::move(message);
    }

    void takeAttributes(const ReadOutcomes& answers) {
        const auto isFalse = [](const Outcome<UA_DataValue>& answer) {
            const UA_Variant& value = answer.result.value;
            return UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_BOOLEAN]) &&
                   !*static_cast<const UA_Boolean*>(value.data);
        };
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const auto* mine = answers.data() + i * kMethodAttributes.size();
            const UA_Variant& nodeClass = mine[0].result.value;
            if (const StatusCode status = statusOf(mine[0]); status.isBad()) {
                refuse(i, status, fmt::format("the server has no such method ({})", statusText(status)));
            } else if (UA_Variant_hasScalarType(&nodeClass, &UA_TYPES[UA_TYPES_INT32]) &&
                       *static_cast<const UA_Int32*>(nodeClass.data) != UA_NODECLASS_METHOD) {
                refuse(i, StatusCode{UA_STATUSCODE_BADMETHODINVALID}, "the node is no method");
            } else if (isFalse(mine[1])) {
                refuse(i, StatusCode{UA_STATUSCODE_BADNOTEXECUTABLE}, "the method cannot be run at present");
            } else if (isFalse(mine[2])) {
                refuse(i, StatusCode{UA_STATUSCODE_BADUSERACCESSDENIED},
                       "this user may not call the method: connect as one who may");
            }
        }
        findProperties();
    }

    void findProperties() {
        UaArray<UA_BrowsePath> paths(items_.size() * kProperties.size());
        for (std::size_t n = 0; n < paths.size(); ++n) {
            UA_BrowsePath& path = paths[n];
            const UA_NodeId& method = items_[n / kProperties.size()].method.get();
            std::swap(path.startingNode, copyOf(method).get());
            path.relativePath.elements = UA_RelativePathElement_new();
            if (path.relativePath.elements == nullptr) throw std::bad_alloc();
            path.relativePath.elementsSize = 1;
            UA_RelativePathElement& element = path.relativePath.elements[0];
            element.referenceTypeId.identifier.numeric = UA_NS0ID_HASPROPERTY;
            element.includeSubtypes = true;
            element.targetName.name = copyOf(kProperties[n % kProperties.size()]);
        }
        callInBatches(
            client_, kTranslateBrowsePaths, limits_.translateBrowsePaths, std::move(paths), {},
            std::function([self = shared_from_this()](std::vector<Outcome<UA_BrowsePathResult>>& found) {
                self->readProperties(found);
            }));
    }

    void readProperties(std::vector<Outcome<UA_BrowsePathResult>>& found) {
        std::vector<ReadItem> reads;
        for (std::size_t n = 0; n < found.size(); ++n) {
            const UA_BrowsePathResult& result = found[n].result;
            // A method without arguments has no such property.
            if (result.targetsSize == 0) continue;
            properties_.push_back(n);
            reads.push_back({copyOf(result.targets[0].targetId.nodeId), UA_ATTRIBUTEID_VALUE, {}});
        }
        readNodes(client_, limits_.read, std::move(reads), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeArguments(answers); });
    }

    void takeArguments(const ReadOutcomes& answers) {
        for (std::size_t n = 0; n < answers.size(); ++n) {
            CallOutcome& outcome = outcomes_[properties_[n] / kProperties.size()];
            const bool input = properties_[n] % kProperties.size() == 0;
            auto& arguments = input ? outcome.inputs : outcome.outputs;
            if (const StatusCode status = statusOf(answers[n]); status.isBad() && outcome.status.isGood()) {
                outcome.status = status;
                outcome.message =
                    fmt::format("the method's arguments cannot be read ({})", statusText(status));
            }
            arguments = argumentsOf(answers[n].result.value, reader_.types());
        }
        reader_.whenIdle([self = shared_from_this()] { self->encodeAndCall(); });
    }

    /// The inputs, or nothing with the outcome telling why.
    bool encode(std::size_t i, UA_CallMethodRequest& request) {
        CallOutcome& outcome = outcomes_[i];
        const auto& encoders = items_[i].inputs;
        if (encoders.size() != outcome.inputs.size()) {
            const bool few = encoders.size() < outcome.inputs.size();
            refuse(i, StatusCode{few ? UA_STATUSCODE_BADARGUMENTSMISSING : UA_STATUSCODE_BADTOOMANYARGUMENTS},
                   fmt::format("the method takes {} input{} {}, and {} {} given", outcome.inputs.size(),
                               outcome.inputs.size() == 1 ? "" : "s",
                               signatureText(outcome.inputs, reader_.types()), encoders.size(),
                               encoders.size() == 1 ? "was" : "were"));
            return false;
        }
        if (encoders.empty()) return true;
        request.inputArguments =
            static_cast<UA_Variant*>(UA_Array_new(encoders.size(), &UA_TYPES[UA_TYPES_VARIANT]));
        if (request.inputArguments == nullptr) throw std::bad_alloc();
        request.inputArgumentsSize = encoders.size();
        for (std::size_t n = 0; n < encoders.size(); ++n) {
            auto value = encoders[n](outcome.inputs[n].type, reader_.types());
            if (!value) {
                refuse(i, StatusCode{UA_STATUSCODE_BADINVALIDARGUMENT},
                       fmt::format("input {}: {}", outcome.inputs[n].name, value.error().message));
                return false;
            }
            std::swap(request.inputArguments[n], value->get());
        }
        return true;
    }

    void encodeAndCall() {
        std::vector<Ua<UA_CallMethodRequest>> ready;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (outcomes_[i].status.isBad() || items_[i].describeOnly) continue;
            Ua<UA_CallMethodRequest> request;
            if (!encode(i, request.get())) continue;
            std::swap(request->objectId, items_[i].object.get());
            std::swap(request->methodId, items_[i].method.get());
            ready.push_back(std::move(request));
            called_.push_back(i);
        }
        UaArray<UA_CallMethodRequest> calls(ready.size());
        for (std::size_t n = 0; n < ready.size(); ++n) std::swap(calls[n], ready[n].get());
        callInBatches(
            client_, kCall, limits_.call, std::move(calls), {},
            std::function([self = shared_from_this()](std::vector<Outcome<UA_CallMethodResult>>& results) {
                self->takeResults(results);
            }));
    }

    void takeResults(std::vector<Outcome<UA_CallMethodResult>>& results) {
        for (std::size_t n = 0; n < results.size(); ++n) {
            CallOutcome& outcome = outcomes_[called_[n]];
            UA_CallMethodResult& result = results[n].result;
            outcome.status = results[n].service.isBad() ? results[n].service : StatusCode{result.statusCode};
            if (outcome.status.isBad()) outcome.message = wordsFor(outcome.status);
            for (std::size_t k = 0; k < std::min(result.inputArgumentResultsSize, outcome.inputs.size());
                 ++k) {
                const StatusCode input{result.inputArgumentResults[k]};
                if (input.isBad()) {
                    outcome.message = fmt::format("the method does not take input {} ({})",
                                                  outcome.inputs[k].name, statusText(input));
                }
            }
            const std::size_t count = std::min(result.outputArgumentsSize, kMaxArguments);
            if (count == 0) continue;
            outcome.results = UaArray<UA_Variant>(count);
            for (std::size_t k = 0; k < count; ++k) std::swap(outcome.results[k], result.outputArguments[k]);
        }
        done_(outcomes_);
    }

    UaClient& client_;
    const OperationLimits limits_;
    TypeReader& reader_;
    std::vector<CallItem> items_;
    std::vector<CallOutcome> outcomes_;
    /// Item and kind of each property that is being read.
    std::vector<std::size_t> properties_;
    std::vector<std::size_t> called_;
    std::function<void(std::vector<CallOutcome>&)> done_;
};

}  // namespace

void callMethods(UaClient& client, const OperationLimits& limits, TypeReader& types,
                 std::vector<CallItem> items, std::function<void(std::vector<CallOutcome>&)> done) {
    std::make_shared<Calling>(client, limits, types, std::move(items), std::move(done))->ask();
}

std::string signatureText(const std::vector<MethodArgument>& arguments, const StructureTypes& types) {
    std::string text = "(";
    for (const MethodArgument& argument : arguments) {
        if (text.size() > 1) text += ", ";
        text += fmt::format("{}: {}", argument.name, typeText(argument.type, types));
    }
    return text + ")";
}

}  // namespace tagwire::source::opcua
