#include "link/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr ValueShape kNumber{.type = BuiltInType::Double, .array = false};

OutValue number(std::string text) {
    return {.value = std::move(text), .shape = kNumber, .time = fromUnixMillis(1000), .status = {}};
}

/// A box whose gateway is there.
class OutboxTest : public testing::Test {
protected:
    OutboxTest() { box.connected(); }

    Outbox box{*Backlog::open({.folder = {}, .maxBytes = Backlog::kMinBytes})};
    std::vector<ValueShape> shapes{kNumber, kNumber, kNumber};
};

TEST_F(OutboxTest, KeepsTheLatestOfEachItemAndSaysThatOneIsMissing) {
    const auto watch = box.begin({"a", "b", "c"});
    box.put(watch, 0, number("1"));
    box.put(watch, 1, number("2"));
    box.put(watch, 0, number("3"));
    const auto batch = box.next(shapes);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->frame, R"({"t":"data","seq":1,"b":1000,"v":[[0,3,0,1152],[1,2]]})");
    EXPECT_FALSE(box.next(shapes)) << "nothing waits";
}

TEST_F(OutboxTest, WaitsForTheGateway) {
    const auto watch = box.begin({"a", "b", "c"});
    for (std::uint64_t i = 0; i < Outbox::kWindow; ++i) {
        box.put(watch, 0, number("1"));
        ASSERT_TRUE(box.next(shapes));
    }
    box.put(watch, 0, number("2"));
    EXPECT_FALSE(box.next(shapes));
    box.acknowledged(99);  // never sent: counts as the last one that was
    box.put(watch, 0, number("3"));
    const auto batch = box.next(shapes);
    ASSERT_TRUE(batch);
    EXPECT_THAT(batch->frame, HasSubstr(R"("seq":9,)"));
    EXPECT_THAT(batch->frame, HasSubstr("[0,3,0,1152]"));
}

TEST_F(OutboxTest, TellsOfAnotherTypeOnce) {
    const auto watch = box.begin({"a", "b", "c"});
    shapes = {ValueShape{}};
    box.put(watch, 0, number("1"));
    auto batch = box.next(shapes);
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->changed.size(), 1U);
    EXPECT_EQ(batch->changed.front().second, kNumber);
    box.put(watch, 0, {.value = "null", .shape = {}, .time = {}, .status = {}});
    EXPECT_TRUE(box.next(shapes)->changed.empty()) << "null is of every type";
    box.put(watch, 0, number("1"));
    EXPECT_TRUE(box.next(shapes)->changed.empty());
}

TEST_F(OutboxTest, SplitsWhatIsMuchAndRefusesWhatIsTooLarge) {
    const auto watch = box.begin({"a", "b", "c"});
    box.put(watch, 0, number(std::string(kMaxFrameBytes, '1')));
    box.put(watch, 1, number(std::string(kMaxFrameBytes, '1')));
    box.put(watch, 2, number(std::string(kMaxFrameBytes + 1, '1')));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[0,1"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[1,1"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[2,null,0,2148007936]]"));
}

TEST_F(OutboxTest, ForgetsWhatIsOfAnEarlierWatch) {
    const auto watch = box.begin({"a", "b", "c"});
    box.put(watch, 0, number("1"));
    ASSERT_TRUE(box.next(shapes));
    box.put(watch, 0, number("2"));
    const auto later = box.begin({"a", "b", "c"});
    EXPECT_FALSE(box.next(shapes));
    box.put(watch, 0, number("3"));
    EXPECT_FALSE(box.next(shapes)) << "a callback that was late";
    box.put(later, 0, number("4"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr(R"("seq":2,"b":1000,"v":[[0,4]])"));
}

TEST_F(OutboxTest, WhileTheGatewayIsAwayEveryValueWaitsAndComesInOrder) {
    const auto watch = box.begin({"a", "b", "c"});
    box.put(watch, 0, number("1"));
    ASSERT_TRUE(box.next(shapes)) << "sent, and never acknowledged";
    box.put(watch, 1, number("2"));
    box.disconnected(fromUnixMillis(3000));
    box.put(watch, 0, number("3"));
    box.put(watch, 0, {.value = "4", .shape = kNumber, .time = fromUnixMillis(1500), .status = {}});
    EXPECT_FALSE(box.next(shapes)) << "nobody is there";
    box.connected();
    auto batch = box.next(shapes);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->frame, R"({"t":"data","seq":1,"past":true,"b":1000,"v":[[0,1],[1,2],[0,3],[0,4,500]]})");
    box.put(watch, 0, number("5"));
    EXPECT_FALSE(box.next(shapes)) << "one frame at a time";
    box.acknowledged(1);
    batch = box.next(shapes);
    ASSERT_TRUE(batch);
    EXPECT_THAT(batch->frame, HasSubstr(R"("past":true,"b":1000,"v":[[0,5]])"));
    box.acknowledged(2);
    batch = box.next(shapes);
    ASSERT_TRUE(batch) << "every item as it is";
    EXPECT_THAT(batch->frame, AnyOf(HasSubstr(R"("seq":3,"b":1000,"v":[[0,5],[1,2]])"),
                                    HasSubstr(R"("seq":3,"b":1000,"v":[[1,2],[0,5]])")));
    box.put(watch, 0, number("6"));
    EXPECT_EQ(box.next(shapes)->frame, R"({"t":"data","seq":4,"b":1000,"v":[[0,6]]})");
}

TEST_F(OutboxTest, ASecondOrderOfTheSameGatewayGoesOnCounting) {
    auto watch = box.begin({"a"});
    box.put(watch, 0, number("1"));
    ASSERT_TRUE(box.next(shapes));
    box.end({}, fromUnixMillis(1000));
    watch = box.begin({"b"});
    box.connected();
    box.put(watch, 0, number("2"));
    EXPECT_EQ(box.next(shapes)->frame, R"({"t":"data","seq":2,"b":1000,"v":[[0,2]]})");
}

TEST_F(OutboxTest, WhatWasNotAcknowledgedComesAgain) {
    const auto watch = box.begin({"a"});
    box.disconnected(fromUnixMillis(3000));
    box.put(watch, 0, number("1"));
    box.connected();
    ASSERT_TRUE(box.next(shapes));
    box.disconnected(fromUnixMillis(3000));
    box.connected();
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr(R"("seq":1,"past":true,"b":1000,"v":[[0,1]])"));
}

TEST_F(OutboxTest, AServerThatIsLostWhileTheGatewayIsAwayLeavesBadItemsWithTheirLastValues) {
    auto watch = box.begin({"a", "b"});
    box.put(watch, 1, number("1"));
    ASSERT_TRUE(box.next(shapes));
    box.acknowledged(1);
    box.disconnected(fromUnixMillis(3000));
    box.end(StatusCode{0x80310000}, fromUnixMillis(4000));
    watch = box.begin({"b"});  // another handle
    box.put(watch, 0, number("2"));
    box.connected();
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr(R"("b":4000,"v":[[0,1,0,2150694912],[0,2,-3000]])"));
}

TEST_F(OutboxTest, ItemsThatNobodyWantsAnyMoreAreCountedAndLeftOut) {
    const auto watch = box.begin({"a", "b"});
    box.disconnected(fromUnixMillis(3000));
    box.put(watch, 0, number("1"));
    box.end({}, fromUnixMillis(4000));
    static_cast<void>(box.begin({"b"}));
    box.connected();
    EXPECT_FALSE(box.next(shapes));
    EXPECT_EQ(box.lost(), 2U);
}

TEST_F(OutboxTest, AnotherTypeOfAStoredValueIsToldInItsTurn) {
    const auto watch = box.begin({"a", "b"});
    box.disconnected(fromUnixMillis(3000));
    box.put(watch, 0, number("1"));
    box.put(watch, 0, {.value = "\"x\"", .shape = {BuiltInType::String, false}, .time = {}, .status = {}});
    box.connected();
    auto batch = box.next(shapes);
    EXPECT_TRUE(batch->changed.empty());
    EXPECT_THAT(batch->frame, HasSubstr("[[0,1]]"));
    box.acknowledged(1);
    batch = box.next(shapes);
    ASSERT_EQ(batch->changed.size(), 1U);
    EXPECT_EQ(batch->changed.front().second.type, BuiltInType::String);
    EXPECT_THAT(batch->frame, HasSubstr("[[0,\"x\"]]")) << "its time is when it came";
}

}  // namespace
}  // namespace tagwire::da
