#include "link/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

using testing::HasSubstr;

constexpr ValueShape kNumber{.type = BuiltInType::Double, .array = false};

OutValue number(std::string text) {
    return {.value = std::move(text), .shape = kNumber, .time = fromUnixMillis(1000), .status = {}};
}

TEST(Outbox, KeepsTheLatestOfEachItemAndSaysThatOneIsMissing) {
    Outbox box;
    const auto watch = box.begin();
    std::vector<ValueShape> shapes(2, kNumber);
    box.put(watch, 0, number("1"));
    box.put(watch, 1, number("2"));
    box.put(watch, 0, number("3"));
    const auto batch = box.next(shapes);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->frame, R"({"t":"data","seq":1,"b":1000,"v":[[0,3,0,1152],[1,2]]})");
    EXPECT_FALSE(box.next(shapes)) << "nothing waits";
}

TEST(Outbox, WaitsForTheGateway) {
    Outbox box;
    const auto watch = box.begin();
    std::vector<ValueShape> shapes(1, kNumber);
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

TEST(Outbox, TellsOfAnotherTypeOnce) {
    Outbox box;
    const auto watch = box.begin();
    std::vector<ValueShape> shapes(1);
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

TEST(Outbox, SplitsWhatIsMuchAndRefusesWhatIsTooLarge) {
    Outbox box;
    const auto watch = box.begin();
    std::vector<ValueShape> shapes(3, kNumber);
    box.put(watch, 0, number(std::string(kMaxFrameBytes, '1')));
    box.put(watch, 1, number(std::string(kMaxFrameBytes, '1')));
    box.put(watch, 2, number(std::string(kMaxFrameBytes + 1, '1')));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[0,1"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[1,1"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr("[[2,null,0,2148007936]]"));
}

TEST(Outbox, ForgetsWhatIsOfAnEarlierWatch) {
    Outbox box;
    const auto watch = box.begin();
    std::vector<ValueShape> shapes(1, kNumber);
    box.put(watch, 0, number("1"));
    ASSERT_TRUE(box.next(shapes));
    box.put(watch, 0, number("2"));
    const auto later = box.begin();
    EXPECT_FALSE(box.next(shapes));
    box.put(watch, 0, number("3"));
    EXPECT_FALSE(box.next(shapes)) << "a callback that was late";
    box.put(later, 0, number("4"));
    EXPECT_THAT(box.next(shapes)->frame, HasSubstr(R"("seq":2,"b":1000,"v":[[0,4]])"));
}

}  // namespace
}  // namespace tagwire::da
