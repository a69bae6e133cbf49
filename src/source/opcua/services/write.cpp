#include "source/opcua/services/write.h"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/read.h"

namespace tagwire::source::opcua {
namespace {

/// What is asked of each node before it is written, in this order.
constexpr std::array<UA_UInt32, 7> kAsked{UA_ATTRIBUTEID_NODECLASS,   UA_ATTRIBUTEID_DATATYPE,
                                          UA_ATTRIBUTEID_VALUERANK,   UA_ATTRIBUTEID_ARRAYDIMENSIONS,
                                          UA_ATTRIBUTEID_ACCESSLEVEL, UA_ATTRIBUTEID_USERACCESSLEVEL,
                                          UA_ATTRIBUTEID_VALUE};

struct Problem {
    StatusCode status;
    std::string message;
};

template <class T>
const T* scalar(const Outcome<UA_DataValue>& outcome, const UA_DataType& type) noexcept {
    if (outcome.service.isBad() || !UA_Variant_hasScalarType(&outcome.result.value, &type)) return nullptr;
    return static_cast<const T*>(outcome.result.value.data);
}

NodeType typeOf(const Outcome<UA_DataValue>* answers) {
    NodeType type;
    if (const auto* id = scalar<UA_NodeId>(answers[1], UA_TYPES[UA_TYPES_NODEID]))
        type.dataType = copyOf(*id);
    if (const auto* rank = scalar<UA_Int32>(answers[2], UA_TYPES[UA_TYPES_INT32])) type.valueRank = *rank;
    const UA_Variant& dimensions = answers[3].result.value;
    constexpr std::size_t kMaxDimensions = 16;
    if (UA_Variant_hasArrayType(&dimensions, &UA_TYPES[UA_TYPES_UINT32]) &&
        dimensions.arrayLength <= kMaxDimensions) {
        const auto* first = static_cast<const UA_UInt32*>(dimensions.data);
        type.dimensions.assign(first, first + dimensions.arrayLength);
    }
    return type;
}

/// Why the node cannot be written, as it tells itself; Good where it can, or does not tell.
Problem refusal(const Outcome<UA_DataValue>* answers) {
    const StatusCode status = statusOf(answers[0]);
    if (status.code() == UA_STATUSCODE_BADNODEIDUNKNOWN || status.code() == UA_STATUSCODE_BADNODEIDINVALID)
        return {status, "the server has no such node"};
    if (status.isBad())
        return {status, fmt::format("the server does not tell what the node is ({})", statusText(status))};
    if (const auto* nodeClass = scalar<UA_Int32>(answers[0], UA_TYPES[UA_TYPES_INT32]);
        nodeClass != nullptr && *nodeClass != UA_NODECLASS_VARIABLE) {
        return {StatusCode{UA_STATUSCODE_BADATTRIBUTEIDINVALID},
                "the node is no variable: it has no value to write"};
    }
    const auto lacks = [](const Outcome<UA_DataValue>& answer) {
        const auto* level = scalar<UA_Byte>(answer, UA_TYPES[UA_TYPES_BYTE]);
        return level != nullptr && (*level & UA_ACCESSLEVELMASK_WRITE) == 0;
    };
    if (lacks(answers[4])) {
        return {StatusCode{UA_STATUSCODE_BADNOTWRITABLE},
                "the node is read-only: make it writable at the server if it is meant to be"};
    }
    if (lacks(answers[5])) {
        return {StatusCode{UA_STATUSCODE_BADUSERACCESSDENIED},
                "this user may not write the node: connect as one who may"};
    }
    return {};
}

std::string wordsFor(StatusCode status, const NodeType& type) {
    switch (status.code()) {
        case UA_STATUSCODE_BADTYPEMISMATCH:
            return fmt::format("the node does not take this type of value; it says it takes {}",
                               typeText(type));
        case UA_STATUSCODE_BADOUTOFRANGE: return "the value is out of the range that the node takes";
        case UA_STATUSCODE_BADUSERACCESSDENIED:
            return "this user may not write the node: connect as one who may";
        case UA_STATUSCODE_BADNOTWRITABLE: return "the node is read-only";
        case UA_STATUSCODE_BADWRITENOTSUPPORTED:
            return "the server does not take what was asked for, such as part of an array, or a status or "
                   "time with the "
                   "value";
        case UA_STATUSCODE_BADINDEXRANGEINVALID:
            return "the index range is written wrongly: 5, 2:7, or 0:1,3";
        case UA_STATUSCODE_BADINDEXRANGENODATA: return "the array has no such elements";
        case UA_STATUSCODE_BADNOCOMMUNICATION: return "the server has no connection to the device";
        case UA_STATUSCODE_BADTIMEOUT:
            return "the server did not answer in time; whether the value was written is not known: read it";
        default: return fmt::format("the server refused it ({})", statusText(status));
    }
}

/// Items on their way through the steps. Kept alive by the answers it waits for.
class Writing : public std::enable_shared_from_this<Writing> {
public:
    Writing(UaClient& client, const OperationLimits& limits, std::vector<WriteItem> items,
            std::function<void(std::vector<WriteOutcome>&)> done)
        : client_(client),
          limits_(limits),
          items_(std::move(items)),
          outcomes_(items_.size()),
          current_(items_.size()),
          values_(items_.size()),
          done_(std::move(done)) {}

    void ask() {
        std::vector<ReadItem> asked;
        asked.reserve(items_.size() * kAsked.size());
        for (const WriteItem& item : items_) {
            for (const UA_UInt32 attribute : kAsked)
                asked.push_back({copyOf(item.node.get()), attribute, {}});
        }
        readNodes(client_, limits_.read, std::move(asked), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeTypes(answers); });
    }

private:
    void takeTypes(ReadOutcomes& answers) {
        std::vector<NodeType*> types;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            auto* mine = answers.data() + i * kAsked.size();
            Problem problem = refusal(mine);
            if (problem.status.isBad()) {
                outcomes_[i].status = problem.status;
                outcomes_[i].message = std::move(problem.message);
                continue;
            }
            outcomes_[i].type = typeOf(mine);
            current_[i] = builtInTypeOf(mine[6].result.value);
            types.push_back(&outcomes_[i].type);
        }
        resolveBuiltInTypes(client_, limits_, types, [self = shared_from_this()] { self->encodeAndWrite(); });
    }

    void encodeAndWrite() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            WriteOutcome& outcome = outcomes_[i];
            if (outcome.status.isBad()) continue;
            // The present value tells the type where the data type leaves it open.
            if (outcome.type.builtIn == BuiltInType::Null) outcome.type.builtIn = current_[i];
            auto value = items_[i].encode(outcome.type);
            if (!value) {
                outcome.status = StatusCode{UA_STATUSCODE_BADTYPEMISMATCH};
                outcome.message = std::move(value.error().message);
                continue;
            }
            values_[i] = std::move(*value);
            written_.push_back(i);
        }
        UaArray<UA_WriteValue> writes(written_.size());
        for (std::size_t n = 0; n < written_.size(); ++n) {
            const std::size_t i = written_[n];
            std::swap(writes[n].nodeId, copyOf(items_[i].node.get()).get());
            writes[n].attributeId = UA_ATTRIBUTEID_VALUE;
            if (!items_[i].indexRange.empty()) writes[n].indexRange = copyOf(items_[i].indexRange);
            writes[n].value.hasValue = true;
            if (UA_Variant_copy(&values_[i].get(), &writes[n].value.value) != UA_STATUSCODE_GOOD)
                throw std::bad_alloc();
        }
        callInBatches(
            client_, kWrite, limits_.write, std::move(writes), {},
            std::function([self = shared_from_this()](std::vector<Outcome<UA_StatusCode>>& results) {
                self->takeResults(results);
            }));
    }

    void takeResults(std::vector<Outcome<UA_StatusCode>>& results) {
        std::vector<ReadItem> readBack;
        std::vector<std::size_t> good;
        for (std::size_t n = 0; n < results.size(); ++n) {
            const std::size_t i = written_[n];
            WriteOutcome& outcome = outcomes_[i];
            outcome.status = results[n].service.isBad() ? results[n].service : StatusCode{results[n].result};
            if (outcome.status.isBad()) {
                outcome.message = wordsFor(outcome.status, outcome.type);
                continue;
            }
            readBack.push_back({copyOf(items_[i].node.get()), UA_ATTRIBUTEID_VALUE, items_[i].indexRange});
            good.push_back(i);
        }
        written_ = std::move(good);
        readNodes(client_, limits_.read, std::move(readBack), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeReadBack(answers); });
    }

    void takeReadBack(ReadOutcomes& answers) {
        for (std::size_t n = 0; n < answers.size(); ++n) {
            const std::size_t i = written_[n];
            WriteOutcome& outcome = outcomes_[i];
            if (const StatusCode status = statusOf(answers[n]); status.isBad()) {
                outcome.message = fmt::format("written, but it cannot be read back ({})", statusText(status));
            } else if (UA_order(&values_[i].get(), &answers[n].result.value, &UA_TYPES[UA_TYPES_VARIANT]) !=
                       UA_ORDER_EQ) {
                outcome.message =
                    outcome.status.code() == UA_STATUSCODE_GOODCOMPLETESASYNCHRONOUSLY
                        ? "the server passes it on to the device; the node does not have the value yet"
                        : "the node has another value than was written: the server or the device changed it";
            }
            std::swap(outcome.readBack.get(), answers[n].result);
        }
        done_(outcomes_);
    }

    UaClient& client_;
    const OperationLimits limits_;
    std::vector<WriteItem> items_;
    std::vector<WriteOutcome> outcomes_;
    std::vector<BuiltInType> current_;
    std::vector<Ua<UA_Variant>> values_;
    /// Those at the server in the present step.
    std::vector<std::size_t> written_;
    std::function<void(std::vector<WriteOutcome>&)> done_;
};

}  // namespace

void writeNodes(UaClient& client, const OperationLimits& limits, std::vector<WriteItem> items,
                std::function<void(std::vector<WriteOutcome>&)> done) {
    std::make_shared<Writing>(client, limits, std::move(items), std::move(done))->ask();
}

}  // namespace tagwire::source::opcua
