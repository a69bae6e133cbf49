#include "source/opcda/space_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/space_answers.h"

namespace tagwire::source::opcda {
namespace {

TEST(SpaceNode, IsReadAsItIsWritten) {
    for (const SpaceNode& node :
         std::vector<SpaceNode>{BranchNode{}, BranchNode{.path = {"Simulation Items", "a \"b\", ]"}},
                                ItemNode{.id = "a;b=c"}, PropertyNode{.property = 101, .item = "x;item=y"}}) {
        const auto text = std::visit([](const auto& one) { return textOf(one); }, node);
        const auto again = parseSpaceNode(text);
        ASSERT_TRUE(again) << text;
        EXPECT_EQ(*again, node) << text;
    }
}

TEST(SpaceNode, AnythingElseIsAnErrorThatSaysHow) {
    for (const auto* text : {"i=85", "branch=", "branch=[1]", "branch={}", "item=", "property=x;item=a",
                             "property=1", "property=1;item=", "property=99999999999;item=a"}) {
        const auto node = parseSpaceNode(text);
        ASSERT_FALSE(node) << text;
        EXPECT_THAT(node.error().message, testing::HasSubstr("item=…")) << text;
    }
}

AgentLooked lookedItem() {
    AgentLooked looked;
    looked.shape = {.type = BuiltInType::Double, .array = false};
    looked.value = 2.5;
    looked.time = fromUnixMillis(1000);
    looked.status = kUncertainSensorNotAccurate;
    looked.properties = {{.id = 5, .text = "Item Access Rights", .value = 3, .status = {}},
                         {.id = 6, .text = "Server Scan Rate", .value = 50.0, .status = {}},
                         {.id = 101, .text = "Item Description", .value = "belt", .status = {}}};
    return looked;
}

TEST(SpaceAnswers, AnItemIsAVariableWithTypeRightsAndValue) {
    const auto node = attributesOf(ItemNode{.id = "Line.Speed"}, lookedItem());
    EXPECT_EQ(node.nodeClass, NodeClass::Variable);
    EXPECT_EQ(node.node, "item=Line.Speed");
    EXPECT_EQ(node.dataTypeName, "Double");
    EXPECT_EQ(node.description->text, "belt");
    EXPECT_EQ(node.accessLevel->bits, AccessLevel::kCurrentRead | AccessLevel::kCurrentWrite);
    EXPECT_EQ(node.minimumSamplingInterval, 50);
    EXPECT_EQ(node.value->value, Value(2.5));
    EXPECT_EQ(node.value->status, kUncertainSensorNotAccurate);
    EXPECT_EQ(node.value->sourceTime, fromUnixMillis(1000));
}

TEST(SpaceAnswers, AValueOfAnotherTypeIsBad) {
    auto looked = lookedItem();
    looked.value = "text";
    EXPECT_EQ(attributesOf(ItemNode{.id = "x"}, looked).value->status, kBadDecodingError);
}

TEST(SpaceAnswers, PropertiesAreNodesOfTheirOwn) {
    const ItemNode item{.id = "Line.Speed"};
    const auto nodes = propertiesOf(item, lookedItem());
    ASSERT_EQ(nodes.size(), 3U);
    EXPECT_EQ(nodes[2].displayName.text, "Item Description");
    EXPECT_EQ(nodes[2].referenceType, "i=46");
    const auto node = attributesOf(std::get<PropertyNode>(*parseSpaceNode(nodes[2].node)), lookedItem());
    EXPECT_EQ(node.value->value, Value(std::string("belt")));
    EXPECT_EQ(node.inverseReferences.at(0).node, "item=Line.Speed");
    EXPECT_EQ(attributesOf(PropertyNode{.property = 9, .item = "x"}, lookedItem()).status, kBadNodeIdUnknown);
}

TEST(SpaceAnswers, WhatIsBranchAndItemComesAsBoth) {
    const auto nodes = levelOf({.path = {"Plant"}}, {{.name = "Pump", .item = "Plant.Pump", .step = "Pump"},
                                                     {.name = "Speed", .item = "Plant.Speed", .step = {}}});
    ASSERT_EQ(nodes.size(), 3U);
    EXPECT_EQ(nodes[0].node, R"(branch=["Plant","Pump"])");
    EXPECT_EQ(nodes[0].nodeClass, NodeClass::Object);
    EXPECT_FALSE(nodes[0].hasChildren.has_value());
    EXPECT_EQ(nodes[1].node, "item=Plant.Pump");
    EXPECT_EQ(nodes[2].hasChildren, false);
    EXPECT_EQ(parentOf(BranchNode{.path = {"Plant", "Pump"}}).at(0).node, R"(branch=["Plant"])");
    EXPECT_TRUE(parentOf(BranchNode{}).empty());
}

}  // namespace
}  // namespace tagwire::source::opcda
