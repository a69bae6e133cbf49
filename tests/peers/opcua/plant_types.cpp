#include "plant_types.h"

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace plant_types {
namespace {

struct Point {
    UA_Double x;
    UA_Double y;
};

struct Recipe {
    UA_String name;
    UA_Int32 state;
    Point origin;
    std::size_t samplesSize;
    UA_Float* samples;
    UA_Double* limit;
};

struct Setting {
    UA_UInt32 chosen;
    union {
        UA_Double number;
        UA_String word;
    };
};

enum : UA_UInt32 {
    kPoint = 3001,
    kState = 3002,
    kRecipe = 3003,
    kSetting = 3004,
    kSecret = 3005,
    kMode = 3006,
    kPhase = 3007,
    kEncoding = 100
};

UA_DataTypeMember pointMembers[]{{"X", &UA_TYPES[UA_TYPES_DOUBLE], 0, false, false},
                                 {"Y", &UA_TYPES[UA_TYPES_DOUBLE], 0, false, false}};
UA_DataType types[7];
UA_DataTypeMember recipeMembers[]{
    {"Name", &UA_TYPES[UA_TYPES_STRING], 0, false, false},
    {"State", &types[1], 0, false, false},
    {"Origin", &types[0], offsetof(Recipe, origin) - offsetof(Recipe, state) - sizeof(UA_Int32), false,
     false},
    {"Samples", &UA_TYPES[UA_TYPES_FLOAT], 0, true, false},
    {"Limit", &UA_TYPES[UA_TYPES_DOUBLE], 0, false, true}};
UA_DataTypeMember settingMembers[]{
    {"Number", &UA_TYPES[UA_TYPES_DOUBLE], offsetof(Setting, number), false, false},
    {"Word", &UA_TYPES[UA_TYPES_STRING], offsetof(Setting, word), false, false}};
UA_DataTypeArray typeArray{nullptr, 7, types, UA_FALSE};

void check(UA_StatusCode status, std::string_view what) {
    if (status == UA_STATUSCODE_GOOD) return;
    std::cerr << what << ": " << UA_StatusCode_name(status) << std::endl;
    std::exit(1);
}

UA_QualifiedName named(UA_UInt16 space, const char* name) {
    return UA_QUALIFIEDNAME(space, const_cast<char*>(name));
}

UA_NodeId standard(UA_UInt32 id) { return UA_NODEID_NUMERIC(0, id); }

UA_NodeId nodeNamed(UA_UInt16 space, const char* name) {
    return UA_NODEID_STRING(space, const_cast<char*>(name));
}

void describe(UA_DataType& type, UA_UInt16 space, const char* name, UA_UInt32 id, std::size_t size,
              UA_UInt32 kind, UA_DataTypeMember* members, std::size_t count) {
    type = {};
    type.typeName = name;
    type.typeId = UA_NODEID_NUMERIC(space, id);
    type.binaryEncodingId = UA_NODEID_NUMERIC(space, id + kEncoding);
    type.memSize = size & 0xFFFFU;
    type.typeKind = kind & 0x3FU;
    type.membersSize = count & 0xFFU;
    type.members = members;
}

void addNodes(UA_Server* server, const UA_DataType& type, UA_UInt32 parent, bool encodingLeadsToType) {
    const UA_UInt16 space = type.typeId.namespaceIndex;
    UA_DataTypeAttributes attributes = UA_DataTypeAttributes_default;
    attributes.displayName = UA_LOCALIZEDTEXT(nullptr, const_cast<char*>(type.typeName));
    check(UA_Server_addDataTypeNode(server, type.typeId, standard(parent), standard(UA_NS0ID_HASSUBTYPE),
                                    named(space, type.typeName), attributes, nullptr, nullptr),
          type.typeName);
    if (parent == UA_NS0ID_ENUMERATION) return;
    UA_ObjectAttributes encoding = UA_ObjectAttributes_default;
    check(UA_Server_addObjectNode(server, type.binaryEncodingId, UA_NODEID_NULL, UA_NODEID_NULL,
                                  named(0, "Default Binary"), standard(UA_NS0ID_DATATYPEENCODINGTYPE),
                                  encoding, nullptr, nullptr),
          type.typeName);
    if (!encodingLeadsToType) return;
    check(UA_Server_addReference(server, type.typeId, standard(UA_NS0ID_HASENCODING),
                                 UA_EXPANDEDNODEID_NODEID(type.binaryEncodingId), true),
          type.typeName);
}

void addVariable(UA_Server* server, UA_UInt16 space, const char* name, UA_Variant value, UA_Int32 rank,
                 std::optional<UA_NodeId> dataType = {}) {
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.value = value;
    attributes.dataType = dataType.value_or(value.type->typeId);
    attributes.valueRank = rank;
    UA_UInt32 anyLength = 0;
    if (rank == UA_VALUERANK_ONE_DIMENSION) {
        attributes.arrayDimensions = &anyLength;
        attributes.arrayDimensionsSize = 1;
    }
    attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;
    check(UA_Server_addVariableNode(server, nodeNamed(space, name), standard(UA_NS0ID_OBJECTSFOLDER),
                                    standard(UA_NS0ID_ORGANIZES), named(space, name),
                                    standard(UA_NS0ID_BASEDATAVARIABLETYPE), attributes, nullptr, nullptr),
          name);
}

UA_Variant scalar(void* data, const UA_DataType& type) {
    UA_Variant out;
    UA_Variant_init(&out);
    UA_Variant_setScalar(&out, data, &type);
    return out;
}

UA_StatusCode cook(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void*, const UA_NodeId*, void*,
                   size_t, const UA_Variant* input, size_t, UA_Variant* output) {
    const UA_StatusCode status = UA_Variant_copy(&input[0], &output[0]);
    if (status == UA_STATUSCODE_GOOD)
        static_cast<Recipe*>(output[0].data)->state = *static_cast<UA_Int32*>(input[1].data);
    return status;
}

UA_Argument argument(const char* name, const UA_DataType& type) {
    UA_Argument out{};
    out.name = UA_STRING(const_cast<char*>(name));
    out.dataType = type.typeId;
    out.valueRank = UA_VALUERANK_SCALAR;
    return out;
}

void addKitchen(UA_Server* server, UA_UInt16 space) {
    const UA_NodeId kitchen = nodeNamed(space, "Kitchen");
    check(UA_Server_addObjectNode(server, kitchen, standard(UA_NS0ID_OBJECTSFOLDER),
                                  standard(UA_NS0ID_ORGANIZES), named(space, "Kitchen"),
                                  standard(UA_NS0ID_BASEOBJECTTYPE), UA_ObjectAttributes_default, nullptr,
                                  nullptr),
          "Kitchen");
    UA_MethodAttributes attributes = UA_MethodAttributes_default;
    attributes.executable = true;
    attributes.userExecutable = true;
    UA_Argument in[]{argument("Recipe", types[2]), argument("State", types[1])};
    UA_Argument out[]{argument("Cooked", types[2])};
    check(UA_Server_addMethodNode(server, nodeNamed(space, "Kitchen.Cook"), kitchen,
                                  standard(UA_NS0ID_HASCOMPONENT), named(space, "Cook"), attributes, cook, 2,
                                  in, 1, out, nullptr, nullptr),
          "Kitchen.Cook");
}

/// As servers before OPC UA 1.04 name the values of enumerations.
void addNames(UA_Server* server, const UA_DataType& type, const char* property, UA_Variant names) {
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    attributes.value = names;
    attributes.dataType = names.type->typeId;
    attributes.valueRank = UA_VALUERANK_ONE_DIMENSION;
    UA_UInt32 length = static_cast<UA_UInt32>(names.arrayLength);
    attributes.arrayDimensions = &length;
    attributes.arrayDimensionsSize = 1;
    check(UA_Server_addVariableNode(server, UA_NODEID_NUMERIC(type.typeId.namespaceIndex, 0), type.typeId,
                                    standard(UA_NS0ID_HASPROPERTY), named(0, property),
                                    standard(UA_NS0ID_PROPERTYTYPE), attributes, nullptr, nullptr),
          property);
}

void addNamedEnumerations(UA_Server* server, UA_UInt16 space) {
    UA_LocalizedText strings[]{UA_LOCALIZEDTEXT(nullptr, const_cast<char*>("Off")),
                               UA_LOCALIZEDTEXT(nullptr, const_cast<char*>("Hand")),
                               UA_LOCALIZEDTEXT(nullptr, const_cast<char*>("Auto"))};
    UA_Variant names;
    UA_Variant_init(&names);
    UA_Variant_setArray(&names, strings, 3, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
    addNames(server, types[5], "EnumStrings", names);
    UA_EnumValueType values[2]{};
    values[0].value = 10;
    values[0].displayName = UA_LOCALIZEDTEXT(nullptr, const_cast<char*>("Filling"));
    values[1].value = -1;
    values[1].displayName = UA_LOCALIZEDTEXT(nullptr, const_cast<char*>("Draining"));
    UA_Variant_setArray(&names, values, 2, &UA_TYPES[UA_TYPES_ENUMVALUETYPE]);
    addNames(server, types[6], "EnumValues", names);
    UA_Int32 mode = 0;
    addVariable(server, space, "Mode", scalar(&mode, types[5]), UA_VALUERANK_SCALAR);
    UA_Int32 phase = 10;
    addVariable(server, space, "Phase", scalar(&phase, types[6]), UA_VALUERANK_SCALAR);
}

void addCells(UA_Server* server, UA_UInt16 space) {
    UA_Double cells[]{1, 2, 3, 4, 5, 6};
    UA_UInt32 lengths[]{2, 3};
    UA_UInt32 anyLengths[]{0, 0};
    UA_VariableAttributes attributes = UA_VariableAttributes_default;
    UA_Variant_setArray(&attributes.value, cells, 6, &UA_TYPES[UA_TYPES_DOUBLE]);
    attributes.value.arrayDimensions = lengths;
    attributes.value.arrayDimensionsSize = 2;
    attributes.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId;
    attributes.valueRank = UA_VALUERANK_TWO_DIMENSIONS;
    attributes.arrayDimensions = anyLengths;
    attributes.arrayDimensionsSize = 2;
    attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;
    check(UA_Server_addVariableNode(server, nodeNamed(space, "Cells"), standard(UA_NS0ID_OBJECTSFOLDER),
                                    standard(UA_NS0ID_ORGANIZES), named(space, "Cells"),
                                    standard(UA_NS0ID_BASEDATAVARIABLETYPE), attributes, nullptr, nullptr),
          "Cells");
}

}  // namespace

void add(UA_Server* server, UA_UInt16 space) {
    describe(types[0], space, "Point", kPoint, sizeof(Point), UA_DATATYPEKIND_STRUCTURE, pointMembers, 2);
    describe(types[1], space, "State", kState, sizeof(UA_Int32), UA_DATATYPEKIND_ENUM, nullptr, 0);
    describe(types[2], space, "Recipe", kRecipe, sizeof(Recipe), UA_DATATYPEKIND_OPTSTRUCT, recipeMembers, 5);
    describe(types[3], space, "Setting", kSetting, sizeof(Setting), UA_DATATYPEKIND_UNION, settingMembers, 2);
    describe(types[4], space, "Secret", kSecret, sizeof(Point), UA_DATATYPEKIND_STRUCTURE, pointMembers, 2);
    describe(types[5], space, "Mode", kMode, sizeof(UA_Int32), UA_DATATYPEKIND_ENUM, nullptr, 0);
    describe(types[6], space, "Phase", kPhase, sizeof(UA_Int32), UA_DATATYPEKIND_ENUM, nullptr, 0);
    UA_Server_getConfig(server)->customDataTypes = &typeArray;
    for (const UA_DataType& type : types) {
        const UA_UInt32 parent = type.typeKind == UA_DATATYPEKIND_ENUM    ? UA_NS0ID_ENUMERATION
                                 : type.typeKind == UA_DATATYPEKIND_UNION ? UA_NS0ID_UNION
                                                                          : UA_NS0ID_STRUCTURE;
        addNodes(server, type, parent, &type != &types[4]);
    }
    UA_Float samples[]{1.5F, -2};
    Recipe recipe{UA_STRING(const_cast<char*>("first")), 1, {1, 2}, 2, samples, nullptr};
    addVariable(server, space, "Recipe", scalar(&recipe, types[2]), UA_VALUERANK_SCALAR);
    Recipe recipes[]{recipe, recipe};
    UA_Variant array;
    UA_Variant_init(&array);
    UA_Variant_setArray(&array, recipes, 2, &types[2]);
    addVariable(server, space, "Recipes", array, UA_VALUERANK_ONE_DIMENSION);
    Setting setting{};
    setting.chosen = 2;
    setting.word = UA_STRING(const_cast<char*>("slow"));
    addVariable(server, space, "Setting", scalar(&setting, types[3]), UA_VALUERANK_SCALAR);
    Point secret{3, 4};
    addVariable(server, space, "Undescribed", scalar(&secret, types[4]), UA_VALUERANK_SCALAR);
    UA_Int32 state = 1;
    addVariable(server, space, "State", scalar(&state, types[1]), UA_VALUERANK_SCALAR);
    addVariable(server, space, "Anything", scalar(&recipe, types[2]), UA_VALUERANK_ANY,
                standard(UA_NS0ID_BASEDATATYPE));
    addNamedEnumerations(server, space);
    addCells(server, space);
    addKitchen(server, space);
}

UA_StatusCode withRecipe(const std::string& name, std::optional<double> limit,
                         const std::function<UA_StatusCode(UA_Variant&)>& use) {
    Recipe recipe{
        UA_STRING(const_cast<char*>(name.c_str())), 2, {3, 4}, 0, nullptr, limit ? &*limit : nullptr};
    UA_Variant value = scalar(&recipe, types[2]);
    return use(value);
}

UA_StatusCode writeRecipe(UA_Server* server, UA_UInt16 space, const std::string& name,
                          std::optional<double> limit) {
    return withRecipe(name, limit, [&](UA_Variant& value) {
        return UA_Server_writeValue(server, nodeNamed(space, "Recipe"), value);
    });
}

}  // namespace plant_types
