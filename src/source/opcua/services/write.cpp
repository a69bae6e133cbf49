#include "source/opcua/services/write.h"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <open62541/nodeids.h>

#include "source/opcua/services/read.h"
#include "source/opcua/values/built_in_type.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

/// What is asked of each node before it is written, in this order.
constexpr std::array<UA_UInt32, 7> kWriteAttributes{
    UA_ATTRIBUTEID_NODECLASS,   UA_ATTRIBUTEID_DATATYPE,
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

/// All but the present value, which may bring a structure's type that has to be read first.
WriteTarget targetOf(const Outcome<UA_DataValue>* answers, StructureTypes& types) {
    WriteTarget target;
    const auto* id = scalar<UA_NodeId>(answers[1], UA_TYPES[UA_TYPES_NODEID]);
    const bool told = id != nullptr && !UA_NodeId_isNull(id);
    target.dataType = types.typeOf(told ? *id : standardNode(UA_NS0ID_BASEDATATYPE));
    const auto* rank = scalar<UA_Int32>(answers[2], UA_TYPES[UA_TYPES_INT32]);
    target.valueRank = rank == nullptr ? UA_VALUERANK_ANY : *rank;
    const UA_Variant& dimensions = answers[3].result.value;
    if (UA_Variant_hasArrayType(&dimensions, &UA_TYPES[UA_TYPES_UINT32]) &&
        dimensions.arrayLength <= TypeLimits::kMaxDimensions) {
        const auto* first = static_cast<const UA_UInt32*>(dimensions.data);
        target.arrayDimensions.assign(first, first + dimensions.arrayLength);
    }
    if (const UA_DataType* present = answers[6].result.value.type; present != nullptr)
        target.current = builtInTypeOf(*present);
    return target;
}

/// Of the first structure in the value its encoding, or that of its type; null where there is none.
Ua<UA_NodeId> encodingIn(const UA_Variant& value) {
    if (value.type == nullptr || value.data <= UA_EMPTY_ARRAY_SENTINEL) return {};
    if (value.type != &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]) {
        const bool isStructure = builtInTypeOf(*value.type) == BuiltInType::ExtensionObject;
        return isStructure ? copyOf(value.type->binaryEncodingId) : Ua<UA_NodeId>{};
    }
    const auto& object = *static_cast<const UA_ExtensionObject*>(value.data);
    if (object.encoding <= UA_EXTENSIONOBJECT_ENCODED_BYTESTRING)
        return copyOf(object.content.encoded.typeId);
    const UA_DataType* type = object.content.decoded.type;
    return type == nullptr ? Ua<UA_NodeId>{} : copyOf(type->binaryEncodingId);
}

/// Several kinds of structures, or anything at all.
bool leavesStructureOpen(TypeIndex index, const StructureTypes& types) {
    const auto type = types.resolve(index);
    return type && (type->builtIn == BuiltInType::Variant ||
                    (type->builtIn == BuiltInType::ExtensionObject && type->structure == nullptr));
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

std::string wordsFor(StatusCode status, const std::string& type) {
    switch (status.code()) {
        case UA_STATUSCODE_BADTYPEMISMATCH:
            return fmt::format("the node does not take this type of value; it says it takes {}", type);
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

/// Whether a request that ended like this may have been carried out all the same.
bool leavesOpen(StatusCode service) noexcept {
    switch (service.code()) {
        case UA_STATUSCODE_BADTIMEOUT:
        case UA_STATUSCODE_BADREQUESTTIMEOUT:
        case UA_STATUSCODE_BADCONNECTIONCLOSED:
        case UA_STATUSCODE_BADSECURECHANNELCLOSED:
        case UA_STATUSCODE_BADCOMMUNICATIONERROR:
        case UA_STATUSCODE_BADSHUTDOWN:
        case UA_STATUSCODE_BADUNKNOWNRESPONSE:
        case UA_STATUSCODE_BADDECODINGERROR: return true;
        default: return false;
    }
}

/// Items on their way through the steps. Kept alive by the answers it waits for.
class Writing : public std::enable_shared_from_this<Writing> {
public:
    Writing(UaClient& client, const OperationLimits& limits, TypeReader& reader, std::vector<WriteItem> items,
            std::function<void(std::vector<WriteOutcome>&)> done, WriteTerms terms)
        : client_(client),
          limits_(limits),
          reader_(reader),
          items_(std::move(items)),
          outcomes_(items_.size()),
          encodings_(items_.size()),
          values_(items_.size()),
          done_(std::move(done)),
          terms_(std::move(terms)) {}

    void ask() {
        std::vector<ReadItem> asked;
        asked.reserve(items_.size() * kWriteAttributes.size());
        for (const WriteItem& item : items_) {
            for (const UA_UInt32 attribute : kWriteAttributes)
                asked.push_back({copyOf(item.node.get()), attribute, {}});
        }
        readNodes(client_, limits_.read, std::move(asked), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeTypes(answers); });
    }

private:
    void takeTypes(ReadOutcomes& answers) {
        StructureTypes& types = reader_.types();
        for (std::size_t i = 0; i < items_.size(); ++i) {
            auto* mine = answers.data() + i * kWriteAttributes.size();
            Problem problem = refusal(mine);
            if (problem.status.isBad()) {
                outcomes_[i].status = problem.status;
                outcomes_[i].message = std::move(problem.message);
                continue;
            }
            outcomes_[i].target = targetOf(mine, types);
            encodings_[i] = encodingIn(mine[6].result.value);
            std::swap(outcomes_[i].before.get(), mine[6].result);
            // Wanted from here on.
            if (!UA_NodeId_isNull(&encodings_[i].get()))
                static_cast<void>(types.typeOfEncoding(encodings_[i].get()));
        }
        reader_.whenIdle([self = shared_from_this()] { self->encodeAndWrite(); });
    }

    void encodeAndWrite() {
        StructureTypes& types = reader_.types();
        const bool late = SteadyClock::now() >= terms_.deadline;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            WriteOutcome& outcome = outcomes_[i];
            if (outcome.status.isBad()) continue;
            if (late) {
                outcome.status = StatusCode{UA_STATUSCODE_BADREQUESTTIMEOUT};
                outcome.message = "the server took too long to tell what the node takes: nothing was written";
                continue;
            }
            if (!UA_NodeId_isNull(&encodings_[i].get()) &&
                leavesStructureOpen(outcome.target.dataType, types)) {
                if (const auto type = types.typeOfEncoding(encodings_[i].get()))
                    outcome.target.dataType = *type;
            }
            auto value = items_[i].encode(outcome.target, types);
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
        if (!written_.empty() && terms_.onSend) terms_.onSend();
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
            outcome.unknown = leavesOpen(results[n].service);
            if (outcome.status.isBad()) {
                outcome.message = wordsFor(outcome.status, typeText(outcome.target, reader_.types()));
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
    TypeReader& reader_;
    std::vector<WriteItem> items_;
    std::vector<WriteOutcome> outcomes_;
    /// Of the structures that the nodes hold at present.
    std::vector<Ua<UA_NodeId>> encodings_;
    std::vector<Ua<UA_Variant>> values_;
    /// Those at the server in the present step.
    std::vector<std::size_t> written_;
    std::function<void(std::vector<WriteOutcome>&)> done_;
    const WriteTerms terms_;
};

}  // namespace

void writeNodes(UaClient& client, const OperationLimits& limits, TypeReader& types,
                std::vector<WriteItem> items, std::function<void(std::vector<WriteOutcome>&)> done,
                WriteTerms terms) {
    std::make_shared<Writing>(client, limits, types, std::move(items), std::move(done), std::move(terms))
        ->ask();
}

}  // namespace tagwire::source::opcua
