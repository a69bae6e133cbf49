#include "source/opcua/values/structure_types.h"

#include <gtest/gtest.h>

#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

class StructureTypesTest : public testing::Test {
protected:
    std::string failureOf(TypeIndex type) {
        const auto resolved = types_.resolve(type);
        return resolved ? "none" : resolved.error().reason;
    }

    StructureTypes types_{kNamespaces};
};

TEST_F(StructureTypesTest, KnowsTheTypesOfOpcUa) {
    const std::pair<UA_UInt32, BuiltInType> cases[]{
        {UA_NS0ID_BOOLEAN, BuiltInType::Boolean},
        {UA_NS0ID_LOCALIZEDTEXT, BuiltInType::LocalizedText},
        {UA_NS0ID_STRUCTURE, BuiltInType::ExtensionObject},
        {UA_NS0ID_DATAVALUE, BuiltInType::DataValue},
        {UA_NS0ID_BASEDATATYPE, BuiltInType::Variant},
        {UA_NS0ID_DIAGNOSTICINFO, BuiltInType::DiagnosticInfo},
        {UA_NS0ID_NUMBER, BuiltInType::Variant},
        {UA_NS0ID_ENUMERATION, BuiltInType::Int32},
        {UA_NS0ID_DURATION, BuiltInType::Double},
        {UA_NS0ID_UTCTIME, BuiltInType::DateTime},
        {UA_NS0ID_LOCALEID, BuiltInType::String},
        {UA_NS0ID_SERVERSTATE, BuiltInType::Int32},
    };
    for (const auto& [id, builtIn] : cases) {
        const auto resolved = types_.resolve(types_.typeOf(standardNode(id)));
        ASSERT_TRUE(resolved) << id;
        EXPECT_EQ(resolved->builtIn, builtIn) << id;
    }
    const auto range = types_.resolve(types_.typeOf(standardNode(UA_NS0ID_RANGE)));
    ASSERT_TRUE(range && range->structure != nullptr);
    EXPECT_EQ(range->structure->fields.size(), 2U);
    const auto byEncoding = types_.typeOfEncoding(standardNode(UA_NS0ID_RANGE_ENCODING_DEFAULTBINARY));
    ASSERT_TRUE(byEncoding);
    EXPECT_EQ(*byEncoding, types_.typeOf(standardNode(UA_NS0ID_RANGE)));
    EXPECT_FALSE(types_.hasWanted());
}

TEST_F(StructureTypesTest, WantsEachUnknownOnce) {
    const auto type = types_.typeOf(plantNode(1));
    EXPECT_EQ(types_.typeOf(plantNode(1)), type);
    EXPECT_FALSE(types_.typeOfEncoding(plantNode(9)));
    EXPECT_TRUE(types_.typeOfEncoding(plantNode(9)).error().pending);
    EXPECT_EQ(types_.takeWantedTypes(10), std::vector<TypeIndex>{type});
    EXPECT_EQ(types_.takeWantedEncodings(10).size(), 1U);
    EXPECT_FALSE(types_.hasWanted());
    EXPECT_TRUE(types_.resolve(type).error().pending);

    types_.setEncoding(plantNode(9), plantNode(1));
    EXPECT_EQ(*types_.typeOfEncoding(plantNode(9)), type);
}

TEST_F(StructureTypesTest, TakesOnlySoManyAtATime) {
    for (UA_UInt32 i = 0; i < 5; ++i) {
        (void)types_.typeOf(plantNode(i));
        (void)types_.typeOfEncoding(plantNode(100 + i));
    }
    EXPECT_EQ(types_.takeWantedTypes(3).size(), 3U);
    EXPECT_EQ(types_.takeWantedTypes(3).size(), 2U);
    EXPECT_EQ(types_.takeWantedEncodings(3).size(), 3U);
    const auto rest = types_.takeWantedEncodings(3);
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_EQ(rest[0].identifier.numeric, 103U);
}

TEST_F(StructureTypesTest, ADefinitionMakesItsEncodingKnown) {
    EXPECT_FALSE(types_.typeOfEncoding(plantNode(1001)));
    const auto type = defineStructure(types_, 1, "Point", UA_STRUCTURETYPE_STRUCTURE, {});
    (void)types_.takeWantedEncodings(10);
    types_.failEncoding(plantNode(1001), "came too late");
    EXPECT_EQ(*types_.typeOfEncoding(plantNode(1001)), type);
}

TEST_F(StructureTypesTest, FollowsDerivationsButNotForever) {
    const auto a = types_.typeOf(plantNode(1));
    const auto b = types_.typeOf(plantNode(2));
    types_.setDerived(a, plantNode(2), false);
    types_.setDerived(b, standardNode(UA_NS0ID_DURATION), false);
    EXPECT_EQ(types_.resolve(a)->builtIn, BuiltInType::Double);
    types_.setDerived(b, plantNode(1), false);
    EXPECT_NE(failureOf(a).find("over too many steps"), std::string::npos);
}

TEST_F(StructureTypesTest, RefusesDefinitionsThatMakeNoSense) {
    const auto refused = [&](UA_StructureType kind, const std::vector<TestField>& fields) {
        static UA_UInt32 number = 100;
        return failureOf(defineStructure(types_, number++, {}, kind, fields));
    };
    const UA_NodeId type = standardNode(UA_NS0ID_INT32);
    EXPECT_EQ(refused(UA_STRUCTURETYPE_STRUCTURE, {{"a", type}, {"a", type}}),
              "type nsu=http://plant/;i=100: it has two fields a");
    EXPECT_EQ(refused(UA_STRUCTURETYPE_STRUCTURE, {{"a", type, -2}}),
              "type nsu=http://plant/;i=101: field a may be scalar or array");
    EXPECT_EQ(
        refused(static_cast<UA_StructureType>(9), {}),
        "type nsu=http://plant/;i=102: the server describes it as a kind of structure that does not exist");
    std::vector<std::string> names;
    names.reserve(5000);
    for (int i = 0; i < 5000; ++i) names.push_back(std::to_string(i));
    std::vector<TestField> fields;
    fields.reserve(names.size());
    for (const auto& name : names) fields.push_back({name, type, -1, true});
    EXPECT_EQ(refused(UA_STRUCTURETYPE_STRUCTURE, fields),
              "type nsu=http://plant/;i=103: it has 5000 fields, more than 4096");
    fields.resize(33);
    EXPECT_EQ(refused(UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS, fields),
              "type nsu=http://plant/;i=104: it has more than 32 optional fields");
    const std::string huge(TypeLimits::kMaxNameBytes, 'n');
    EXPECT_EQ(refused(UA_STRUCTURETYPE_STRUCTURE, {{huge, type}}),
              "type nsu=http://plant/;i=105: the names of all types together are too long");
}

TEST_F(StructureTypesTest, HasABoundOnTypes) {
    for (UA_UInt32 i = 0; i < TypeLimits::kMaxTypes; ++i) (void)types_.typeOf(plantNode(i));
    const auto further = types_.typeOf(plantNode(1'000'000));
    EXPECT_EQ(failureOf(further), "type a further type: the server has more than 20000 of them");
    EXPECT_FALSE(types_.resolve(further).error().pending);
    for (UA_UInt32 i = 0; i <= TypeLimits::kMaxTypes; ++i) (void)types_.typeOfEncoding(plantNode(i));
    EXPECT_FALSE(types_.typeOfEncoding(plantNode(1'000'000)).error().pending);
}

}  // namespace
}  // namespace tagwire::source::opcua
