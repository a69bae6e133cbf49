#include "link/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "types/variant_type.h"

namespace tagwire::da {
namespace {

using testing::HasSubstr;

TEST(GatewayFrames, AnOrderSaysWhatToWatch) {
    const auto frame =
        parseGatewayFrame(R"({"t":"watch","server":"S.1","rate":500,"deadband":2.5,"items":["a","b*"]})");
    ASSERT_TRUE(frame) << frame.error().message;
    const auto& order = std::get<WatchOrder>(*frame);
    EXPECT_EQ(order.server, "S.1");
    EXPECT_EQ(order.items, (std::vector<std::string>{"a", "b*"}));
    EXPECT_EQ(order.rateMs, 500U);
    EXPECT_FLOAT_EQ(order.deadbandPercent, 2.5F);
}

TEST(GatewayFrames, WhatCannotBeUnderstoodIsAnError) {
    for (const auto* text :
         {"", "5", "{}", R"({"t":5})", R"({"t":"watch"})", R"({"t":"hello","v":2})", R"({"t":"ack"})",
          R"({"t":"ack","seq":0})", R"({"t":"watch","server":"S","rate":0,"deadband":0,"items":[]})",
          R"({"t":"watch","server":"S","rate":1,"deadband":101,"items":[]})",
          R"({"t":"watch","server":"S","rate":1,"deadband":0,"items":[1]})"})
        EXPECT_FALSE(parseGatewayFrame(text)) << text;
    EXPECT_TRUE(std::holds_alternative<NothingToDo>(*parseGatewayFrame(R"({"t":"ping"})")));
    EXPECT_TRUE(std::holds_alternative<NothingToDo>(*parseGatewayFrame(R"({"t":"of a later version"})")));
    EXPECT_EQ(std::get<Acknowledged>(*parseGatewayFrame(R"({"t":"ack","seq":7})")).sequence, 7U);
}

TEST(GatewayFrames, QuestionsAreNumbered) {
    const auto browse = std::get<BrowseOrder>(
        *parseGatewayFrame(R"({"t":"browse","id":1,"path":["Simulation Items","Random"],"limit":10})"));
    EXPECT_EQ(browse.path, (std::vector<std::string>{"Simulation Items", "Random"}));
    EXPECT_EQ(browse.limit, 10U);
    EXPECT_EQ(std::get<LookOrder>(*parseGatewayFrame(R"({"t":"look","id":2,"item":"a"})")).item, "a");
    EXPECT_EQ(std::get<SearchOrder>(*parseGatewayFrame(R"({"t":"search","id":3,"pattern":"*a*","limit":5})"))
                  .pattern,
              "*a*");
    for (const auto* text :
         {R"({"t":"browse","path":[],"limit":1})", R"({"t":"browse","id":0,"path":[],"limit":1})",
          R"({"t":"browse","id":1,"path":[1],"limit":1})", R"({"t":"browse","id":1,"path":[]})",
          R"({"t":"look","id":1})", R"({"t":"search","id":1,"pattern":"a","limit":0})"})
        EXPECT_FALSE(parseGatewayFrame(text)) << text;
}

TEST(GatewayFrames, AWriteIsExactOfItsType) {
    const auto order = std::get<WriteOrder>(*parseGatewayFrame(
        R"({"t":"write","id":4,"ttl":3000,"v":[[7,3,55],[8,16,128],[9,8197,[1,2.5]],[10,6,"12.5"],[11,3,null]]})"));
    EXPECT_EQ(order.patience, std::chrono::milliseconds(3000));
    ASSERT_EQ(order.writes.size(), 5U);
    EXPECT_EQ(order.writes[0].handle, 7U);
    EXPECT_EQ(order.writes[0].type, vt::kI4);
    EXPECT_EQ(order.writes[0].value, Value(std::int32_t{55}));
    EXPECT_FALSE(order.writes[1].value) << "128 is no VT_I1";
    EXPECT_TRUE(order.writes[2].value && order.writes[2].value->isArray());
    EXPECT_EQ(order.writes[3].value, Value(std::string("12.5")));
    EXPECT_FALSE(order.writes[4].value) << "nothing cannot be written";
    for (const auto* text :
         {R"({"t":"write","id":4,"ttl":0,"v":[[7,3,55]]})", R"({"t":"write","id":4,"ttl":1,"v":[]})",
          R"({"t":"write","id":4,"ttl":1,"v":[[7,3]]})", R"({"t":"write","id":4,"v":[[7,3,1]]})",
          R"({"t":"write","id":4,"ttl":1,"v":[[-7,3,1]]})",
          R"({"t":"write","id":4,"ttl":1,"v":[[7,99999,1]]})"})
        EXPECT_FALSE(parseGatewayFrame(text)) << text;
}

TEST(AgentFrames, RowsLeaveOutDefaults) {
    DataFrame frame(3);
    EXPECT_TRUE(frame.empty());
    frame.add(0, "5", fromUnixMillis(1000), {});
    frame.add(1, "\"x\"", fromUnixMillis(960), {});
    frame.add(2, "null", fromUnixMillis(1000), StatusCode{0x808C0000});
    frame.add(3, "1", std::nullopt, {});
    EXPECT_EQ(frame.text(false),
              R"({"t":"data","seq":3,"b":1000,"v":[[0,5],[1,"x",-40],[2,null,0,2156658688],[3,1,null]]})");
}

TEST(AgentFrames, ManyItemsTakeSeveralFrames) {
    std::vector<ItemNotice> items(2000);
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        items[i].handle = i;
        items[i].id = std::string(100, 'x');
        items[i].shape = shapeOf(vt::kArray | vt::kR8);
    }
    const auto frames = itemsFrames(items);
    EXPECT_GT(frames.size(), 4U);
    for (const auto& frame : frames) EXPECT_LE(frame.size(), kMaxFrameBytes + 100);
    EXPECT_THAT(frames.front(), HasSubstr(R"("type":"Double","array":true)"));
    EXPECT_TRUE(itemsFrames({}).empty());
}

TEST(AgentFrames, AStateIsLiveOrSaysWhyNot) {
    EXPECT_EQ(stateFrame({}, {}, "V 1"), R"({"t":"state","live":true,"server":"V 1"})");
    EXPECT_EQ(stateFrame({}, {}, {}, 1500), R"({"t":"state","live":true,"rate":1500})");
    EXPECT_EQ(stateFrame(StatusCode{0x80310000}, "gone", {}),
              R"({"t":"state","live":false,"q":2150694912,"msg":"gone"})");
}

}  // namespace
}  // namespace tagwire::da
