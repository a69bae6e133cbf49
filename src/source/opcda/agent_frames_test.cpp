#include "source/opcda/agent_frames.h"

#include <gtest/gtest.h>

#include "model/generated/status_codes.h"

namespace tagwire::source::opcda {
namespace {

template <class Frame>
Frame parsed(std::string_view text) {
    auto frame = parseAgentFrame(text);
    if (!frame) throw std::runtime_error(frame.error().message);
    return std::get<Frame>(std::move(*frame));
}

std::string refusal(std::string_view text) {
    const auto frame = parseAgentFrame(text);
    return frame ? "" : frame.error().message;
}

TEST(AgentFrames, HelloNamesTheAgent) {
    const auto hello = parsed<AgentHello>(R"({"t":"hello","v":1,"agent":"a 1","host":"PC","later":[1]})");
    EXPECT_EQ(hello.agent, "a 1");
    EXPECT_EQ(hello.host, "PC");
    EXPECT_EQ(refusal(R"({"t":"hello","v":2,"agent":"a"})"), "hello.v: expected an integer 1..1");
    EXPECT_EQ(refusal(R"({"t":"hello","v":1})"), "hello.agent is missing");
}

TEST(AgentFrames, ItemsHaveATypeOrAReason) {
    const auto items = parsed<AgentItems>(
        R"({"t":"items","add":[{"h":7,"id":"A.B","type":"Double","array":true,"access":3,"unit":"%","low":0,"high":1.5},)"
        R"({"h":8,"id":"C","q":2150891520,"err":"unknown item"}]})");
    ASSERT_EQ(items.items.size(), 2U);
    EXPECT_EQ(items.items[0].handle, 7U);
    EXPECT_EQ(items.items[0].shape, (ValueShape{.type = BuiltInType::Double, .array = true}));
    EXPECT_EQ(items.items[0].access, Access::ReadWrite);
    EXPECT_EQ(items.items[0].high, 1.5);
    EXPECT_EQ(items.items[1].status, kBadNodeIdUnknown);
    EXPECT_EQ(refusal(R"({"t":"items","add":[{"h":1,"id":"x"}]})"), "items.add.type is missing");
    EXPECT_EQ(refusal(R"({"t":"items","add":[{"h":1,"id":"x","type":"Guid"}]})"),
              "items.add.type: expected a type that OPC DA has");
    EXPECT_EQ(refusal(R"({"t":"items","add":[{"h":1,"id":"x","err":"no"}]})"),
              "items.add.q: expected a Bad status beside err");
    EXPECT_EQ(refusal(R"({"t":"items","add":[5]})"), "items.add: expected objects");
}

TEST(AgentFrames, RowsAreThoseOfThePushProtocol) {
    const auto data = parsed<AgentData>(
        R"({"t":"data","seq":3,"b":1000,"v":[[0,5],[1,null,-40],[2,"x",null,2156658688]]})");
    EXPECT_EQ(data.sequence, 3U);
    ASSERT_EQ(data.rows.size(), 3U);
    EXPECT_EQ(data.rows[0].time, fromUnixMillis(1000));
    EXPECT_TRUE(data.rows[0].status.isGood());
    EXPECT_EQ(data.rows[1].time, fromUnixMillis(960));
    EXPECT_FALSE(data.rows[2].time) << "the server gave none";
    EXPECT_EQ(data.rows[2].status, kBadSensorFailure);
    for (const auto* row : {"5", "[0]", "[-1,5]", "[0,5,0,0,0]", "[0,5,1e300]", "[0,5,9223372036854775807]",
                            "[0,5,0,-1]", "[0,5,0,4294967296]"}) {
        EXPECT_EQ(refusal(std::string(R"({"t":"data","seq":1,"b":0,"v":[)") + row + "]}"),
                  "data.v: expected rows [handle, value, dt, q]")
            << row;
    }
    EXPECT_EQ(refusal(R"({"t":"data","seq":0,"b":0,"v":[]})"),
              "data.seq: expected an integer 1..9223372036854775807");
}

TEST(AgentFrames, AStateThatIsNotLiveSaysWhy) {
    const auto state = parsed<AgentServerState>(R"({"t":"state","live":false,"q":2150694912,"msg":"ended"})");
    EXPECT_EQ(state.status, kBadNoCommunication);
    EXPECT_EQ(state.message, "ended");
    EXPECT_TRUE(parsed<AgentServerState>(R"({"t":"state","live":true})").live);
    EXPECT_EQ(refusal(R"({"t":"state","live":false})"), "state.q: expected a Bad status where live is false");
}

TEST(AgentFrames, EverythingElseIsRefusedInFewWords) {
    EXPECT_EQ(refusal("5"), "a frame is an object with a string t");
    EXPECT_EQ(refusal(R"({"t":"fly"})"), "no frame fly");
    EXPECT_LT(refusal(R"({"t":")" + std::string(5000, 'x') + R"("})").size(), 120U);
    EXPECT_LT(refusal("{" + std::string(5000, 'x')).size(), 120U);
    EXPECT_NE(refusal(R"({"t":"data","v":[[[[[[[[[1]]]]]]]]]})"), "");
}

TEST(AgentFrames, WatchNamesWhatIsWanted) {
    EXPECT_EQ(watchFrame("S.1", {"a", "b\"*"}, std::chrono::milliseconds(500), 2.5),
              R"({"t":"watch","server":"S.1","rate":500,"deadband":2.5,"items":["a","b\"*"]})");
    EXPECT_EQ(ackFrame(7), R"({"t":"ack","seq":7})");
}

}  // namespace
}  // namespace tagwire::source::opcda
