#include "plant_tree.h"

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr UA_UInt32 kAnalogItem = 2368;
constexpr UA_UInt32 kTwoStateDiscrete = 2373;
constexpr UA_UInt32 kMultiStateDiscrete = 2376;
constexpr UA_UInt32 kMultiStateValueDiscrete = 11238;

UA_String borrow(std::string_view text) {
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}

UA_LocalizedText english(std::string_view text) { return {borrow("en"), borrow(text)}; }

UA_NodeId standard(UA_UInt32 number) {
    UA_NodeId id{};
    id.identifier.numeric = number;
    return id;
}

void check(UA_StatusCode status, std::string_view what) {
    if (status == UA_STATUSCODE_GOOD) return;
    std::cerr << what << ": " << UA_StatusCode_name(status) << std::endl;
    std::exit(1);
}

// Adds nodes below others; ids and browse names are texts in one namespace.
class Builder {
public:
    Builder(UA_Server* server, UA_UInt16 space) : server_(server), space_(space) {}

    UA_NodeId id(std::string_view name) const {
        UA_NodeId id{};
        id.namespaceIndex = space_;
        id.identifierType = UA_NODEIDTYPE_STRING;
        id.identifier.string = borrow(name);
        return id;
    }

    void folder(const UA_NodeId& parent, std::string_view node, std::string_view name) {
        UA_ObjectAttributes attributes = UA_ObjectAttributes_default;
        attributes.displayName = english(name);
        check(UA_Server_addObjectNode(server_, id(node), parent, standard(UA_NS0ID_ORGANIZES),
                                      {space_, borrow(name)}, standard(UA_NS0ID_FOLDERTYPE), attributes,
                                      nullptr, nullptr),
              node);
    }

    void object(const UA_NodeId& parent, std::string_view node, std::string_view name) {
        UA_ObjectAttributes attributes = UA_ObjectAttributes_default;
        attributes.displayName = english(name);
        check(UA_Server_addObjectNode(server_, id(node), parent, standard(UA_NS0ID_HASCOMPONENT),
                                      {space_, borrow(name)}, standard(UA_NS0ID_BASEOBJECTTYPE), attributes,
                                      nullptr, nullptr),
              node);
    }

    static UA_VariableAttributes valueOf(void* value, int type) {
        UA_VariableAttributes attributes = UA_VariableAttributes_default;
        UA_Variant_setScalar(&attributes.value, value, &UA_TYPES[type]);
        attributes.dataType = UA_TYPES[type].typeId;
        attributes.valueRank = UA_VALUERANK_SCALAR;
        attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;
        return attributes;
    }

    UA_StatusCode variable(const UA_NodeId& parent, std::string_view node, std::string_view name,
                           UA_VariableAttributes attributes, UA_UInt32 type = UA_NS0ID_BASEDATAVARIABLETYPE) {
        attributes.displayName = english(name);
        return UA_Server_addVariableNode(server_, id(node), parent, standard(UA_NS0ID_HASCOMPONENT),
                                         {space_, borrow(name)}, standard(type), attributes, nullptr,
                                         nullptr);
    }

    // A property in OPC UA's own namespace.
    void property(const UA_NodeId& parent, const char* name, void* value, int type, std::size_t length = 0) {
        UA_VariableAttributes attributes = valueOf(value, type);
        auto dimension = static_cast<UA_UInt32>(length);
        if (length > 0) {
            attributes.arrayDimensions = &dimension;
            attributes.arrayDimensionsSize = 1;
            UA_Variant_setArray(&attributes.value, value, length, &UA_TYPES[type]);
            attributes.valueRank = UA_VALUERANK_ONE_DIMENSION;
        }
        attributes.displayName = english(name);
        UA_NodeId none{};
        // Instances of types that demand the property have it already.
        UA_Server_deleteNode(server_, propertyOf(parent, name), true);
        check(UA_Server_addVariableNode(server_, none, parent, standard(UA_NS0ID_HASPROPERTY),
                                        {0, borrow(name)}, standard(UA_NS0ID_PROPERTYTYPE), attributes,
                                        nullptr, nullptr),
              name);
    }

    UA_NodeId propertyOf(const UA_NodeId& parent, const char* name) {
        UA_RelativePathElement element{};
        element.referenceTypeId = standard(UA_NS0ID_HASPROPERTY);
        element.targetName = {0, borrow(name)};
        UA_BrowsePath path{parent, {1, &element}};
        UA_BrowsePathResult result = UA_Server_translateBrowsePathToNodeIds(server_, &path);
        UA_NodeId found{};
        if (result.targetsSize > 0) UA_NodeId_copy(&result.targets[0].targetId.nodeId, &found);
        UA_BrowsePathResult_clear(&result);
        return found;
    }

    void reference(const UA_NodeId& from, UA_UInt32 type, const UA_ExpandedNodeId& to) {
        check(UA_Server_addReference(server_, from, standard(type), to, true), "reference");
    }

private:
    UA_Server* server_;
    UA_UInt16 space_;
};

UA_StatusCode reset(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, const UA_NodeId*, void*,
                    size_t, const UA_Variant*, size_t, UA_Variant*) {
    return UA_STATUSCODE_GOOD;
}

template <class T>
UA_StatusCode give(T value, int type, UA_DataValue* out) {
    out->hasValue = true;
    return UA_Variant_setScalarCopy(&out->value, &value, &UA_TYPES[type]);
}

UA_StatusCode readKind(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, UA_Boolean,
                       const UA_NumericRange*, UA_DataValue* out) {
    return give(UA_Int32{1}, UA_TYPES_INT32, out);
}

UA_StatusCode readLevel(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, UA_Boolean,
                        const UA_NumericRange*, UA_DataValue* out) {
    return give(UA_Float{0.5F}, UA_TYPES_FLOAT, out);
}

void addAnalogItems(Builder& add, const UA_NodeId& boiler) {
    double number = 20;
    UA_VariableAttributes attributes = Builder::valueOf(&number, UA_TYPES_DOUBLE);
    attributes.description = english("Temperature of the boiler");
    attributes.minimumSamplingInterval = 100;
    check(add.variable(boiler, "Plant.Line1.Boiler.Temp", "Temp", attributes, kAnalogItem), "Temp");
    const UA_NodeId temp = add.id("Plant.Line1.Boiler.Temp");
    UA_Range range{0, 200};
    add.property(temp, "EURange", &range, UA_TYPES_RANGE);
    UA_Range instrument{-50, 250};
    add.property(temp, "InstrumentRange", &instrument, UA_TYPES_RANGE);
    UA_EUInformation celsius{borrow("http://www.opcfoundation.org/UA/units/un/cefact"), 4408652,
                             english("degC"), english("degree Celsius")};
    add.property(temp, "EngineeringUnits", &celsius, UA_TYPES_EUINFORMATION);
    double precision = 1;
    add.property(temp, "ValuePrecision", &precision, UA_TYPES_DOUBLE);
    UA_Double highLimit = 180;
    add.property(temp, "HighLimit", &highLimit, UA_TYPES_DOUBLE);

    attributes = Builder::valueOf(&number, UA_TYPES_DOUBLE);
    check(add.variable(boiler, "Plant.Line1.Boiler.Pressure", "Pressure", attributes), "Pressure");
    UA_EUInformation water{borrow("http://tagwire.test/units"), -1, english("mmWS"),
                           english("millimetres of water")};
    add.property(add.id("Plant.Line1.Boiler.Pressure"), "EngineeringUnits", &water, UA_TYPES_EUINFORMATION);
}

void addDiscreteItems(Builder& add, const UA_NodeId& boiler) {
    UA_Boolean running = true;
    check(add.variable(boiler, "Plant.Line1.Boiler.Running", "Running",
                       Builder::valueOf(&running, UA_TYPES_BOOLEAN), kTwoStateDiscrete),
          "Running");
    UA_LocalizedText off = english("off");
    UA_LocalizedText on = english("on");
    add.property(add.id("Plant.Line1.Boiler.Running"), "FalseState", &off, UA_TYPES_LOCALIZEDTEXT);
    add.property(add.id("Plant.Line1.Boiler.Running"), "TrueState", &on, UA_TYPES_LOCALIZEDTEXT);

    UA_UInt32 mode = 1;
    check(add.variable(boiler, "Plant.Line1.Boiler.Mode", "Mode", Builder::valueOf(&mode, UA_TYPES_UINT32),
                       kMultiStateDiscrete),
          "Mode");
    std::vector<UA_LocalizedText> modes{english("Off"), english("Manual"), english("Automatic")};
    add.property(add.id("Plant.Line1.Boiler.Mode"), "EnumStrings", modes.data(), UA_TYPES_LOCALIZEDTEXT, 3);

    UA_Byte state = 10;
    check(add.variable(boiler, "Plant.Line1.Boiler.State", "State", Builder::valueOf(&state, UA_TYPES_BYTE),
                       kMultiStateValueDiscrete),
          "State");
    std::vector<UA_EnumValueType> states{{10, english("Idle"), {}}, {20, english("Busy"), {}}};
    add.property(add.id("Plant.Line1.Boiler.State"), "EnumValues", states.data(), UA_TYPES_ENUMVALUETYPE, 2);
}

void addOwnTypes(Builder& add, UA_Server* server, UA_UInt16 space, const UA_NodeId& boiler) {
    UA_DataTypeAttributes type = UA_DataTypeAttributes_default;
    type.displayName = english("BoilerKind");
    check(UA_Server_addDataTypeNode(server, add.id("BoilerKind"), standard(UA_NS0ID_ENUMERATION),
                                    standard(UA_NS0ID_HASSUBTYPE), {space, borrow("BoilerKind")}, type,
                                    nullptr, nullptr),
          "BoilerKind");
    std::vector<UA_LocalizedText> kinds{english("Steam"), english("Water")};
    add.property(add.id("BoilerKind"), "EnumStrings", kinds.data(), UA_TYPES_LOCALIZEDTEXT, 2);
    type.displayName = english("LevelType");
    check(UA_Server_addDataTypeNode(server, add.id("LevelType"), standard(UA_NS0ID_FLOAT),
                                    standard(UA_NS0ID_HASSUBTYPE), {space, borrow("LevelType")}, type,
                                    nullptr, nullptr),
          "LevelType");

    // The library checks values of own types against its list of types, where these are not: they are given
    // when asked.
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.dataType = add.id("BoilerKind");
    check(add.variable(boiler, "Plant.Line1.Boiler.Kind", "Kind", attributes), "Kind");
    check(
        UA_Server_setVariableNode_dataSource(server, add.id("Plant.Line1.Boiler.Kind"), {readKind, nullptr}),
        "Kind");
    attributes = UA_VariableAttributes_default;
    attributes.dataType = add.id("LevelType");
    attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_HISTORYREAD;
    attributes.historizing = true;
    check(add.variable(boiler, "Plant.Line1.Boiler.Level", "Level", attributes), "Level");
    check(UA_Server_setVariableNode_dataSource(server, add.id("Plant.Line1.Boiler.Level"),
                                               {readLevel, nullptr}),
          "Level");
}

}  // namespace

void PlantTree::addPlant() {
    Builder add(server_, space_);
    add.folder(standard(UA_NS0ID_OBJECTSFOLDER), "Plant", "Plant");
    add.folder(add.id("Plant"), "Plant.Line1", "Line1");
    add.folder(add.id("Plant"), "Plant.Line2", "Line2");
    add.object(add.id("Plant.Line1"), "Plant.Line1.Boiler", "Boiler");
    const UA_NodeId boiler = add.id("Plant.Line1.Boiler");
    addAnalogItems(add, boiler);
    addDiscreteItems(add, boiler);
    addOwnTypes(add, server_, space_, boiler);

    double flow[3] = {1, 2, 3};
    UA_UInt32 length = 3;
    UA_VariableAttributes attributes = Builder::valueOf(flow, UA_TYPES_DOUBLE);
    UA_Variant_setArray(&attributes.value, flow, 3, &UA_TYPES[UA_TYPES_DOUBLE]);
    attributes.valueRank = UA_VALUERANK_ONE_DIMENSION;
    attributes.arrayDimensions = &length;
    attributes.arrayDimensionsSize = 1;
    attributes.minimumSamplingInterval = 250;
    check(add.variable(boiler, "Plant.Line1.Boiler.Flow", "Flow", attributes), "Flow");
    UA_String odd = borrow("?");
    check(
        add.variable(boiler, "Plant.Line1.Boiler.Odd", "Odd.Name/1", Builder::valueOf(&odd, UA_TYPES_STRING)),
        "Odd");
    UA_MethodAttributes method = UA_MethodAttributes_default;
    method.displayName = english("Reset");
    method.executable = true;
    check(UA_Server_addMethodNode(server_, add.id("Plant.Line1.Boiler.Reset"), boiler,
                                  standard(UA_NS0ID_HASCOMPONENT), {space_, borrow("Reset")}, method, reset,
                                  0, nullptr, 0, nullptr, nullptr, nullptr),
          "Reset");

    const UA_NodeId line2 = add.id("Plant.Line2");
    add.reference(line2, UA_NS0ID_ORGANIZES, {boiler, {}, 0});
    add.reference(line2, UA_NS0ID_ORGANIZES, {add.id("Plant"), {}, 0});
}

void PlantTree::addWide(int count) {
    Builder add(server_, space_);
    add.folder(standard(UA_NS0ID_OBJECTSFOLDER), "Wide", "Wide");
    const UA_NodeId parent = add.id("Wide");
    double zero = 0;
    const UA_VariableAttributes attributes = Builder::valueOf(&zero, UA_TYPES_DOUBLE);
    for (int i = 0; i < count; ++i) {
        const std::string name = std::to_string(i);
        check(add.variable(parent, "Wide." + name, name, attributes), name);
    }
}

std::string PlantTree::addVariable(const std::string& folder, const std::string& name) {
    Builder add(server_, space_);
    double zero = 0;
    return UA_StatusCode_name(
        add.variable(add.id(folder), folder + "." + name, name, Builder::valueOf(&zero, UA_TYPES_DOUBLE)));
}

std::string PlantTree::remove(const std::string& node) {
    return UA_StatusCode_name(UA_Server_deleteNode(server_, Builder(server_, space_).id(node), true));
}
