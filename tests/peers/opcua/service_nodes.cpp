#include "service_nodes.h"

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <open62541/plugin/accesscontrol_default.h>
#include <open62541/plugin/historydata/history_data_backend_memory.h>
#include <open62541/plugin/historydata/history_data_gathering_default.h>
#include <open62541/plugin/historydata/history_database_default.h>
#include <open62541/plugin/historydatabase.h>

namespace {

constexpr int kHistoryNodes = 10;
constexpr size_t kHistoryPage = 100;
constexpr double kHighest = 100;

UA_HistoryDataGathering gathering;

UA_String borrow(std::string_view text) {
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}

UA_NodeId numeric(UA_UInt32 id) {
    UA_NodeId node{};
    node.identifier.numeric = id;
    return node;
}

UA_NodeId named(UA_UInt16 space, std::string_view name) {
    UA_NodeId node{};
    node.namespaceIndex = space;
    node.identifierType = UA_NODEIDTYPE_STRING;
    node.identifier.string = borrow(name);
    return node;
}

void check(UA_StatusCode status, std::string_view what) {
    if (status == UA_STATUSCODE_GOOD) return;
    std::cerr << what << ": " << UA_StatusCode_name(status) << std::endl;
    std::exit(1);
}

UA_VariableAttributes attributesOf(UA_NodeId dataType, UA_Int32 rank, UA_Byte access) {
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.dataType = dataType;
    attributes.valueRank = rank;
    attributes.accessLevel = access;
    attributes.userAccessLevel = access;
    return attributes;
}

void addVariable(UA_Server* server, UA_UInt16 space, std::string_view name,
                 const UA_VariableAttributes& attributes) {
    check(UA_Server_addVariableNode(server, named(space, name), numeric(UA_NS0ID_OBJECTSFOLDER),
                                    numeric(UA_NS0ID_ORGANIZES), {space, borrow(name)},
                                    numeric(UA_NS0ID_BASEDATAVARIABLETYPE), attributes, nullptr, nullptr),
          name);
}

constexpr UA_Byte kReadWrite = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;

void addEveryType(UA_Server* server, UA_UInt16 space) {
    for (size_t kind = UA_DATATYPEKIND_BOOLEAN; kind <= UA_DATATYPEKIND_LOCALIZEDTEXT; ++kind) {
        const UA_DataType& type = UA_TYPES[kind];
        const std::string name = fmt::format("Write.{}", type.typeName);
        void* zero = UA_new(&type);
        auto scalar = attributesOf(type.typeId, UA_VALUERANK_SCALAR, kReadWrite);
        UA_Variant_setScalar(&scalar.value, zero, &type);
        addVariable(server, space, name, scalar);
        UA_delete(zero, &type);

        UA_UInt32 anyLength = 0;
        auto array = attributesOf(type.typeId, UA_VALUERANK_ONE_DIMENSION, kReadWrite);
        array.arrayDimensions = &anyLength;
        array.arrayDimensionsSize = 1;
        void* three = UA_Array_new(3, &type);
        UA_Variant_setArray(&array.value, three, 3, &type);
        addVariable(server, space, name + "s", array);
        UA_Array_delete(three, 3, &type);
    }
}

void clamp(UA_Server* server, const UA_NodeId*, void*, const UA_NodeId* node, void*, const UA_NumericRange*,
           const UA_DataValue* value) {
    if (!UA_Variant_hasScalarType(&value->value, &UA_TYPES[UA_TYPES_DOUBLE])) return;
    if (*static_cast<UA_Double*>(value->value.data) <= kHighest) return;
    UA_Double highest = kHighest;
    UA_Variant variant;
    UA_Variant_setScalar(&variant, &highest, &UA_TYPES[UA_TYPES_DOUBLE]);
    UA_Server_writeValue(server, *node, variant);
}

void addSpecial(UA_Server* server, UA_UInt16 space) {
    UA_Double zero = 0;
    auto real = attributesOf(UA_TYPES[UA_TYPES_DOUBLE].typeId, UA_VALUERANK_SCALAR, kReadWrite);
    UA_Variant_setScalar(&real.value, &zero, &UA_TYPES[UA_TYPES_DOUBLE]);
    real.dataType = numeric(UA_NS0ID_DURATION);
    addVariable(server, space, "Write.Duration", real);
    real.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId;
    addVariable(server, space, "Write.Clamped", real);
    UA_ValueCallback onWrite{nullptr, clamp};
    check(UA_Server_setVariableNode_valueCallback(server, named(space, "Write.Clamped"), onWrite), "clamp");
    real.accessLevel = UA_ACCESSLEVELMASK_READ;
    addVariable(server, space, "ReadOnly", real);
    real.accessLevel = kReadWrite;
    addVariable(server, space, "NotMine", real);

    auto state = attributesOf(UA_TYPES[UA_TYPES_SERVERSTATE].typeId, UA_VALUERANK_SCALAR, kReadWrite);
    UA_ServerState first = UA_SERVERSTATE_RUNNING;
    UA_Variant_setScalar(&state.value, &first, &UA_TYPES[UA_TYPES_SERVERSTATE]);
    addVariable(server, space, "Write.State", state);

    addVariable(server, space, "Write.Any",
                attributesOf(numeric(UA_NS0ID_BASEDATATYPE), UA_VALUERANK_ANY, kReadWrite));
}

UA_Byte userAccess(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const UA_NodeId* node, void*) {
    const UA_String notMine = borrow("NotMine");
    const bool mine =
        node->identifierType != UA_NODEIDTYPE_STRING || !UA_String_equal(&node->identifier.string, &notMine);
    return mine ? 0xFF : static_cast<UA_Byte>(0xFF & ~UA_ACCESSLEVELMASK_WRITE);
}

UA_StatusCode mix(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, const UA_NodeId*, void*,
                  size_t, const UA_Variant* input, size_t, UA_Variant* output) {
    const UA_Double litres = *static_cast<UA_Double*>(input[0].data);
    if (litres < 0) return UA_STATUSCODE_BADOUTOFRANGE;
    const auto* steps = static_cast<const UA_Int32*>(input[1].data);
    UA_Double total = litres;
    for (size_t i = 0; i < input[1].arrayLength; ++i) total += steps[i];
    UA_Variant_setScalarCopy(&output[0], &total, &UA_TYPES[UA_TYPES_DOUBLE]);
    const std::string words = fmt::format("{} steps", input[1].arrayLength);
    const UA_String text = borrow(words);
    return UA_Variant_setScalarCopy(&output[1], &text, &UA_TYPES[UA_TYPES_STRING]);
}

UA_StatusCode stop(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, const UA_NodeId*, void*,
                   size_t, const UA_Variant*, size_t, UA_Variant*) {
    return UA_STATUSCODE_GOOD;
}

UA_Argument argument(const char* name, size_t type, UA_Int32 rank) {
    UA_Argument argument{};
    argument.name = borrow(name);
    argument.description.text = borrow("for tests");
    argument.dataType = UA_TYPES[type].typeId;
    argument.valueRank = rank;
    return argument;
}

void addMethod(UA_Server* server, UA_UInt16 space, std::string_view name, UA_MethodCallback method,
               bool executable, std::vector<UA_Argument> in, std::vector<UA_Argument> out) {
    UA_MethodAttributes attributes = UA_MethodAttributes_default;
    attributes.executable = executable;
    attributes.userExecutable = executable;
    check(UA_Server_addMethodNode(server, named(space, name), named(space, "Plant"),
                                  numeric(UA_NS0ID_HASCOMPONENT), {space, borrow(name)}, attributes, method,
                                  in.size(), in.data(), out.size(), out.data(), nullptr, nullptr),
          name);
}

void addMethods(UA_Server* server, UA_UInt16 space) {
    check(UA_Server_addObjectNode(server, named(space, "Plant"), numeric(UA_NS0ID_OBJECTSFOLDER),
                                  numeric(UA_NS0ID_ORGANIZES), {space, borrow("Plant")},
                                  numeric(UA_NS0ID_BASEOBJECTTYPE), UA_ObjectAttributes_default, nullptr,
                                  nullptr),
          "Plant");
    addMethod(server, space, "Plant.Mix", mix, true,
              {argument("Litres", UA_TYPES_DOUBLE, UA_VALUERANK_SCALAR),
               argument("Steps", UA_TYPES_INT32, UA_VALUERANK_ONE_DIMENSION)},
              {argument("Total", UA_TYPES_DOUBLE, UA_VALUERANK_SCALAR),
               argument("Text", UA_TYPES_STRING, UA_VALUERANK_SCALAR)});
    addMethod(server, space, "Plant.Stop", stop, true, {}, {});
    addMethod(server, space, "Plant.Locked", stop, false, {}, {});
}

}  // namespace

void ServiceNodes::configure(UA_ServerConfig& config) {
    gathering = UA_HistoryDataGathering_Default(kHistoryNodes);
    config.historyDatabase = UA_HistoryDatabase_default(gathering);
    config.accessControl.getUserAccessLevel = userAccess;
}

void ServiceNodes::add(UA_Server* server, UA_UInt16 space) {
    server_ = server;
    space_ = space;
    addEveryType(server, space);
    addSpecial(server, space);
    addMethods(server, space);
    backend_ = UA_HistoryDataBackend_Memory(kHistoryNodes, kHistoryPage);
    UA_Double zero = 0;
    auto real = attributesOf(UA_TYPES[UA_TYPES_DOUBLE].typeId, UA_VALUERANK_SCALAR,
                             kReadWrite | UA_ACCESSLEVELMASK_HISTORYREAD);
    UA_Variant_setScalar(&real.value, &zero, &UA_TYPES[UA_TYPES_DOUBLE]);
    real.historizing = true;
    for (int i = 0; i < kHistoryNodes; ++i) {
        const std::string name = fmt::format("History.{}", i);
        addVariable(server, space, name, real);
        keepHistoryOf(named(space, name));
    }
}

void ServiceNodes::keepHistoryOf(const UA_NodeId& node) {
    UA_HistorizingNodeIdSettings settings{};
    settings.historizingBackend = backend_;
    settings.maxHistoryDataResponseSize = kHistoryPage;
    settings.historizingUpdateStrategy = UA_HISTORIZINGUPDATESTRATEGY_USER;
    check(gathering.registerNodeId(server_, gathering.context, &node, settings), "history");
}

void ServiceNodes::historize(const UA_NodeId& node) {
    check(UA_Server_writeAccessLevel(server_, node, kReadWrite | UA_ACCESSLEVELMASK_HISTORYREAD), "access");
    check(UA_Server_writeHistorizing(server_, node, true), "historizing");
    keepHistoryOf(node);
}

UA_StatusCode ServiceNodes::record(const UA_NodeId& node, UA_DateTime time, const UA_Variant& value) {
    UA_DataValue recorded{};
    recorded.value = value;
    recorded.hasValue = true;
    recorded.hasSourceTimestamp = true;
    recorded.sourceTimestamp = time;
    recorded.hasServerTimestamp = true;
    recorded.serverTimestamp = time;
    return backend_.serverSetHistoryData(server_, backend_.context, nullptr, nullptr, &node, true, &recorded);
}

UA_StatusCode ServiceNodes::record(int node, UA_DateTime first, int count, int stepMs) {
    const std::string name = fmt::format("History.{}", node);
    const UA_NodeId id = named(space_, name);
    for (int i = 0; i < count; ++i) {
        UA_Double number = i;
        UA_Variant value;
        UA_Variant_init(&value);
        UA_Variant_setScalar(&value, &number, &UA_TYPES[UA_TYPES_DOUBLE]);
        const UA_StatusCode status =
            record(id, first + static_cast<UA_DateTime>(i) * stepMs * UA_DATETIME_MSEC, value);
        if (status != UA_STATUSCODE_GOOD) return status;
    }
    return UA_STATUSCODE_GOOD;
}
