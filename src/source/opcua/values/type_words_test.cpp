#include "source/opcua/values/type_words.h"

#include <gtest/gtest.h>

#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

class TypeWords : public testing::Test {
protected:
    TypeWords() {
        defineEnumeration(types_, 5, {{0, "Stopped"}, {7, "Running"}});
        types_.setName(types_.typeOf(plantNode(5)), "State");
        defineStructure(types_, 1, "Point", UA_STRUCTURETYPE_STRUCTURE,
                        {{"x", standardNode(UA_NS0ID_DOUBLE)}, {"y", standardNode(UA_NS0ID_DOUBLE)}});
        defineStructure(types_, 2, "Recipe", UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS,
                        {{"na\"me", standardNode(UA_NS0ID_STRING)},
                         {"state", plantNode(5)},
                         {"limit", standardNode(UA_NS0ID_DOUBLE), -1, true},
                         {"path", plantNode(1), 1},
                         {"cells", standardNode(UA_NS0ID_INT32), 2}});
        defineStructure(types_, 3, "Setting", UA_STRUCTURETYPE_UNION,
                        {{"number", standardNode(UA_NS0ID_DOUBLE)}, {"word", standardNode(UA_NS0ID_STRING)}});
    }

    WriteTarget target(const UA_NodeId& type, std::int32_t rank = -1) {
        return {.dataType = types_.typeOf(type), .valueRank = rank};
    }
    WriteTarget target(UA_UInt32 type, std::int32_t rank = -1) { return target(standardNode(type), rank); }
    std::string name(const WriteTarget& of) { return typeText(of, types_); }
    std::string example(const WriteTarget& of) { return exampleText(of, types_); }

    StructureTypes types_{kNamespaces};
};

TEST_F(TypeWords, NamesTypesAsTheServerDoes) {
    EXPECT_EQ(name(target(UA_NS0ID_DOUBLE)), "Double");
    EXPECT_EQ(name(target(UA_NS0ID_DURATION)), "Double");
    EXPECT_EQ(name(target(UA_NS0ID_INT32, 2)), "Int32[][]");
    EXPECT_EQ(name(target(UA_NS0ID_INT32, 2'000'000'000)), "Int32[][][][][][][][]");
    EXPECT_EQ(name(target(UA_NS0ID_BASEDATATYPE, -2)), "any type");
    EXPECT_EQ(name(target(UA_NS0ID_RANGE)), "Range");
    EXPECT_EQ(name(target(plantNode(5))), "State");
    EXPECT_EQ(name(target(plantNode(2), 1)), "Recipe[]");
    EXPECT_EQ(name(target(plantNode(77))), "nsu=http://plant/;i=77");
}

TEST_F(TypeWords, AnExampleIsWhatTheTypeTakes) {
    std::vector<WriteTarget> targets;
    for (const std::int32_t rank : {-3, -2, -1, 0, 1, 2, 3}) {
        for (UA_UInt32 type = UA_NS0ID_BOOLEAN; type <= UA_NS0ID_LOCALIZEDTEXT; ++type)
            targets.push_back(target(type, rank));
        for (const UA_UInt32 type :
             std::initializer_list<UA_UInt32>{UA_NS0ID_RANGE, UA_NS0ID_DURATION, UA_NS0ID_ARGUMENT})
            targets.push_back(target(type, rank));
        for (const UA_UInt32 type : {1U, 2U, 3U, 5U}) targets.push_back(target(plantNode(type), rank));
    }
    targets.push_back(target(UA_NS0ID_NUMBER));
    targets.push_back(target(UA_NS0ID_BASEDATATYPE, -2));
    targets.back().current = BuiltInType::Boolean;
    for (const WriteTarget& each : targets) {
        const std::string text = example(each);
        EXPECT_NE(text, "") << name(each) << each.valueRank;
        const auto encoded = encodeText(text, each, types_);
        EXPECT_TRUE(encoded) << name(each) << each.valueRank << " " << text << ": "
                             << encoded.error().message;
    }
    EXPECT_EQ(example(target(UA_NS0ID_STRING)), "text");
    EXPECT_EQ(example(target(UA_NS0ID_STRING, 1)), R"(["text","text"])");
    EXPECT_EQ(example(target(plantNode(5))), "Running");
    EXPECT_EQ(
        example(target(plantNode(2))),
        R"({"na\"me":"text","state":"Running","path":[{"x":21.5,"y":21.5}],"cells":[[42,42],[42,42]]})");
    EXPECT_EQ(example(target(plantNode(3), 1)), R"([{"number":21.5}])");
}

TEST_F(TypeWords, ThereIsNoneOfWhatCannotBeWritten) {
    EXPECT_EQ(example(target(UA_NS0ID_STRUCTURE)), "");
    EXPECT_EQ(example(target(plantNode(77))), "");
    // One that contains itself has no end.
    defineStructure(types_, 8, "Tree", UA_STRUCTURETYPE_STRUCTURE, {{"left", plantNode(8)}});
    EXPECT_EQ(example(target(plantNode(8))), "");
    std::vector<TestField> many;
    const std::string longName(100, 'a');
    std::vector<std::string> names;
    for (int i = 0; i < 30; ++i) names.push_back(longName + std::to_string(i));
    for (const auto& each : names) many.push_back({each, standardNode(UA_NS0ID_DOUBLE)});
    defineStructure(types_, 9, "Wide", UA_STRUCTURETYPE_STRUCTURE, many);
    EXPECT_EQ(example(target(plantNode(9))), "");
}

TEST_F(TypeWords, WhatTheNodeHoldsStandsInForATypeThatTheServerDoesNotDescribe) {
    WriteTarget unknown = target(plantNode(78));
    (void)types_.takeWantedTypes(1000);
    types_.failType(unknown.dataType, "nobody knows");
    EXPECT_FALSE(encodeText("5", unknown, types_));
    unknown.current = BuiltInType::Int16;
    const auto encoded = encodeText("5", unknown, types_);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(encoded->get().type, &UA_TYPES[UA_TYPES_INT16]);
    unknown.current = BuiltInType::ExtensionObject;
    EXPECT_FALSE(encodeText("{}", unknown, types_));
}

}  // namespace
}  // namespace tagwire::source::opcua
