#include "source/opcda/agent_answers.h"

#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/agent_frames.h"

namespace tagwire::source::opcda {
namespace {

template <class Answer>
Answer answered(std::string_view text) {
    auto frame = parseAgentFrame(text);
    if (!frame) throw std::runtime_error(frame.error().message);
    return std::get<Answer>(std::move(*frame));
}

std::string wrongIn(std::string_view text) {
    const auto frame = parseAgentFrame(text);
    return frame ? "" : frame.error().message;
}

TEST(AgentAnswers, EntriesAreBranchesItemsOrBoth) {
    const auto found = answered<AgentEntries>(
        R"({"t":"entries","id":7,"add":[{"name":"R","step":"R"},{"name":"I","item":"R.I"},)"
        R"({"name":"B","item":"B","step":"b"}],"more":true})");
    EXPECT_EQ(found.id, 7U);
    EXPECT_TRUE(found.more);
    ASSERT_EQ(found.entries.size(), 3U);
    EXPECT_EQ(found.entries[0].step, "R");
    EXPECT_TRUE(found.entries[0].item.empty());
    EXPECT_FALSE(found.entries[1].step);
    EXPECT_EQ(found.entries[2].step, "b");
    EXPECT_EQ(wrongIn(R"({"t":"entries","id":7,"add":[{"name":"R"}]})"),
              "entries.add.item: expected an item id, or the step of a branch");
    EXPECT_EQ(wrongIn(R"({"t":"entries","add":[]})"), "entries.id is missing");
    EXPECT_EQ(wrongIn(R"({"t":"entries","id":1,"add":[1]})"), "entries.add: expected objects");
}

TEST(AgentAnswers, AnItemIsLookedAtWithItsProperties) {
    const auto looked = answered<AgentLooked>(
        R"({"t":"looked","id":2,"vt":8197,"type":"Double","array":true,"value":[1,2],"time":1000,)"
        R"("props":[[5,"Rights",3],[102,"High",null,2150891520]]})");
    EXPECT_EQ(looked.variantType, 0x2005);
    EXPECT_EQ(looked.shape, (ValueShape{.type = BuiltInType::Double, .array = true}));
    EXPECT_EQ(looked.time, fromUnixMillis(1000));
    ASSERT_EQ(looked.properties.size(), 2U);
    EXPECT_EQ(looked.properties[0].text, "Rights");
    EXPECT_EQ(looked.properties[1].status, kBadNodeIdUnknown);
    EXPECT_EQ(wrongIn(R"({"t":"looked","id":2,"type":"Double","props":[[5,6,7]]})"),
              "looked.props: expected rows [id, text, value, q]");
}

TEST(AgentAnswers, WhatWasWrittenHasACodeAStatusAndAValue) {
    const auto done =
        answered<AgentWritten>(R"({"t":"written","id":3,"v":[[0,0,5,4],[3221487622,2151350272,null]]})");
    ASSERT_EQ(done.items.size(), 2U);
    EXPECT_EQ(done.items[0].after, 5);
    EXPECT_EQ(done.items[0].before, 4);
    EXPECT_EQ(done.items[1].code, 0xC0040006U);
    EXPECT_EQ(done.items[1].status, kBadNotWritable);
    EXPECT_EQ(wrongIn(R"({"t":"written","id":3,"v":[[0,0]]})"),
              "written.v: expected rows [code, status, after, before]");
}

TEST(AgentAnswers, ARefusalIsBadAndSaysWhy) {
    const auto refused = answered<AgentRefused>(R"({"t":"refused","id":4,"q":2156527616,"msg":"gone"})");
    EXPECT_EQ(refused.status, kBadNotConnected);
    EXPECT_EQ(refused.message, "gone");
    EXPECT_EQ(wrongIn(R"({"t":"refused","id":4,"q":0,"msg":"x"})"), "refused.q: expected a Bad status");
}

TEST(AgentAnswers, HealthLeavesOutWhatTheServerDoesNotTell) {
    const auto health =
        answered<AgentHealth>(R"({"t":"health","state":"running","clock":5000,"rtt":12,"lost":3})");
    EXPECT_EQ(health.state, "running");
    EXPECT_FALSE(health.started);
    EXPECT_EQ(health.clock, fromUnixMillis(5000));
    EXPECT_EQ(health.roundTrip, std::chrono::milliseconds(12));
    EXPECT_EQ(health.lost, 3U);
}

TEST(AgentOrders, AreNumbered) {
    EXPECT_EQ(browseFrame(1, {"a", "b\""}, 10), R"({"t":"browse","id":1,"path":["a","b\""],"limit":10})");
    EXPECT_EQ(browseFrame(1, {}, 10), R"({"t":"browse","id":1,"path":[],"limit":10})");
    EXPECT_EQ(lookFrame(2, "Random.Int1"), R"({"t":"look","id":2,"item":"Random.Int1"})");
    EXPECT_EQ(searchFrame(3, "*x*", 5), R"({"t":"search","id":3,"pattern":"*x*","limit":5})");
    EXPECT_EQ(writeFrame(4, std::chrono::milliseconds(3000),
                         {{.handle = 7, .variantType = 3, .value = Value(std::int32_t{55})},
                          {.handle = 8, .variantType = 8, .value = Value(std::string("x"))}}),
              R"({"t":"write","id":4,"ttl":3000,"v":[[7,3,55],[8,8,"x"]]})");
}

}  // namespace
}  // namespace tagwire::source::opcda
