#include "link/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "types/variant_type.h"

namespace tagwire::da {
namespace {

using testing::HasSubstr;

TEST(Answers, EntriesAreBranchesItemsOrBoth) {
    const auto frames = entriesFrames(7,
                                      {{.name = "Random", .item = {}, .branch = true, .step = "Random"},
                                       {.name = "Int1", .item = "Random.Int1", .branch = false, .step = {}}},
                                      "only the first 2 are shown");
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0], R"({"t":"entries","id":7,"add":[{"name":"Random","step":"Random"},)"
                         R"({"name":"Int1","item":"Random.Int1"}],"cut":"only the first 2 are shown"})");
    EXPECT_EQ(entriesFrames(8, {}, {}).at(0), R"({"t":"entries","id":8,"add":[]})");
}

TEST(Answers, ManyEntriesTakeSeveralFramesAndNoneIsTooLongToName) {
    std::vector<ListedEntry> entries(
        1000, {.name = std::string(100, 'n'), .item = std::string(100, 'i'), .branch = false, .step = {}});
    entries.front().name = std::string(2000, 'x');
    const auto frames = entriesFrames(1, entries, "cut");
    ASSERT_GT(frames.size(), 3U);
    for (const auto& frame : frames) {
        EXPECT_LE(frame.size(), kMaxFrameBytes + 200);
        EXPECT_EQ(frame.find("xxx"), std::string::npos);
        const bool isLast = &frame == &frames.back();
        EXPECT_EQ(frame.find(R"("more":true)") == std::string::npos, isLast);
        EXPECT_EQ(frame.find(R"("cut":"cut")") != std::string::npos, isLast);
    }
}

TEST(Answers, ALongValueIsNotShown) {
    LookedItem item{
        .type = vt::kArray | vt::kR8,
        .value = {.value = '[' + std::string(20'000, '1') + ']', .shape = {}, .time = {}, .status = {}},
        .properties = {{.id = 5, .text = "Rights", .value = "3", .status = {}},
                       {.id = 102, .text = "High", .value = "null", .status = StatusCode{0x80340000}}}};
    EXPECT_EQ(lookedFrame(2, item),
              R"({"t":"looked","id":2,"vt":8197,"type":"Double","array":true,"value":null,"q":2159607808,)"
              R"("props":[[5,"Rights",3],[102,"High",null,2150891520]]})");
    item.value = {.value = "[1.5]", .shape = {}, .time = fromUnixMillis(1000), .status = {}};
    EXPECT_THAT(lookedFrame(2, item), HasSubstr(R"("value":[1.5],"time":1000,"props")"));
}

TEST(Answers, WhatWasWrittenFitsIntoOneMessage) {
    EXPECT_EQ(
        writtenFrame(
            3, {{.code = 0, .status = {}, .after = "5", .before = "4"},
                {.code = 0xC0040006, .status = StatusCode{0x803B0000}, .after = "null", .before = "null"}}),
        R"({"t":"written","id":3,"v":[[0,0,5,4],[3221487622,2151350272,null,null]]})");
    const std::vector<WrittenItem> many(
        100, {.code = 0, .status = {}, .after = std::string(4000, '7'), .before = "1"});
    EXPECT_LE(writtenFrame(3, many).size(), kMaxFrameBytes + 8000);
}

TEST(Answers, RefusalsAndHealth) {
    EXPECT_EQ(refusedFrame(4, StatusCode{0x808A0000}, "gone"),
              R"({"t":"refused","id":4,"q":2156527616,"msg":"gone"})");
    EXPECT_LT(refusedFrame(4, StatusCode{0x808A0000}, std::string(5000, 'x')).size(), 1100U);
    EXPECT_EQ(
        healthFrame(
            {.state = "running", .started = {}, .clock = fromUnixMillis(5), .roundTripMs = 2, .lost = 3}),
        R"({"t":"health","state":"running","clock":5,"rtt":2,"lost":3})");
}

}  // namespace
}  // namespace tagwire::da
