#include "serve/dirty_set.h"

#include <array>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DirtySet, GivesEachSlotOnceInItsOrder) {
    DirtySet set;
    set.grow(200);
    for (const std::size_t slot : {199U, 0U, 64U, 63U, 64U, 128U, 0U}) set.insert(slot);
    EXPECT_EQ(set.size(), 5U);
    EXPECT_TRUE(set.contains(64));
    EXPECT_FALSE(set.contains(65));
    std::array<std::uint32_t, 10> room{};
    EXPECT_THAT(set.take(room), ElementsAre(0, 63, 64, 128, 199));
    EXPECT_TRUE(set.empty());
    EXPECT_FALSE(set.contains(64));
    EXPECT_THAT(set.take(room), IsEmpty());
}

TEST(DirtySet, GoesOnWhereItStoppedAndRound) {
    DirtySet set;
    set.grow(130);
    for (const std::size_t slot : {1U, 65U, 66U, 129U}) set.insert(slot);
    std::array<std::uint32_t, 2> room{};
    EXPECT_THAT(set.take(room), ElementsAre(1, 65));
    set.insert(1);  // changed again: those that wait have their turn first
    EXPECT_THAT(set.take(room), ElementsAre(66, 129));
    EXPECT_THAT(set.take(room), ElementsAre(1));
    EXPECT_THAT(set.take({}), IsEmpty());
}

TEST(DirtySet, KeepsItsSlotsWhileItGrows) {
    DirtySet set;
    std::set<std::uint32_t> expected;
    std::minstd_rand random(7);
    for (std::uint32_t size = 1; size < 1000; size += 1 + size / 3) {
        set.grow(size);
        const auto slot = static_cast<std::uint32_t>(random() % size);
        set.insert(slot);
        expected.insert(slot);
        EXPECT_EQ(set.size(), expected.size());
    }
    std::array<std::uint32_t, 1000> room{};
    const auto taken = set.take(room);
    EXPECT_EQ(std::set<std::uint32_t>(taken.begin(), taken.end()), expected);
}

}  // namespace
}  // namespace tagwire::serve
