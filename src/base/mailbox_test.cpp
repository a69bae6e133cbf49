#include "base/mailbox.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/doorbell.h"

namespace tagwire {
namespace {

using testing::ElementsAre;

/// Sums a run of numbers into one of weight 1.
std::pair<int, std::size_t> sum(const std::vector<int>& run) {
    int total = 0;
    for (const int each : run) total += each;
    return {total, 1};
}

TEST(Mailbox, KeepsTheOrderAndWakesOnlyWhenItWasEmpty) {
    int woken = 0;
    Mailbox<int> mailbox(10, [&] { ++woken; });
    EXPECT_TRUE(mailbox.tryPush(1));
    EXPECT_TRUE(mailbox.tryPush(2));
    EXPECT_EQ(woken, 1);
    std::vector<int> out;
    EXPECT_TRUE(mailbox.drain(out));
    EXPECT_THAT(out, ElementsAre(1, 2));
    EXPECT_FALSE(mailbox.drain(out));
    EXPECT_TRUE(mailbox.tryPush(3));
    EXPECT_EQ(woken, 2);
}

TEST(Mailbox, RefusesWhatDoesNotFitAndTakesControlMessagesAlways) {
    Mailbox<int> mailbox(5, [] {});
    EXPECT_TRUE(mailbox.tryPush(1, 4));
    EXPECT_FALSE(mailbox.tryPush(2, 2));
    EXPECT_TRUE(mailbox.tryPush(3, 0));
    EXPECT_EQ(mailbox.weight(), 4U);
    std::vector<int> out;
    mailbox.drain(out);
    EXPECT_THAT(out, ElementsAre(1, 3));
}

TEST(Mailbox, TakesAnItemHeavierThanItselfWhenItIsEmpty) {
    Mailbox<int> mailbox(5, [] {});
    EXPECT_TRUE(mailbox.tryPush(1, 50));
    EXPECT_FALSE(mailbox.tryPush(2, 1));
}

TEST(Mailbox, DrainsInTurnsOfBoundedWeightButAlwaysSomething) {
    Mailbox<int> mailbox(100, [] {});
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(mailbox.tryPush(int(i), 10));
    std::vector<int> out;
    EXPECT_TRUE(mailbox.drain(out, 25));
    EXPECT_THAT(out, ElementsAre(0, 1));
    EXPECT_TRUE(mailbox.drain(out, 5));
    EXPECT_THAT(out, ElementsAre(0, 1, 2));
}

TEST(Mailbox, MergesRunsButNeverAcrossControlMessages) {
    Mailbox<int> mailbox(3, [] {});
    for (const int value : {1, 2}) mailbox.pushMerging(int(value), 1, sum);
    EXPECT_TRUE(mailbox.tryPush(-1, 0));
    for (const int value : {10, 20}) mailbox.pushMerging(int(value), 1, sum);
    std::vector<int> out;
    mailbox.drain(out);
    EXPECT_THAT(out, ElementsAre(3, -1, 30));
}

TEST(Doorbell, RemembersARingThatCameBeforeTheWait) {
    Doorbell bell;
    bell.ring();
    EXPECT_TRUE(bell.waitUntil(SteadyClock::now()));
    EXPECT_FALSE(bell.waitUntil(SteadyClock::now()));
}

TEST(Mailbox, LosesNothingBetweenThreads) {
    constexpr int kProducers = 4;
    constexpr int kItems = 5000;
    constexpr std::size_t kTotal = std::size_t{kProducers} * kItems;
    Doorbell bell;
    Mailbox<int> mailbox(1'000'000, [&] { bell.ring(); });
    std::vector<std::jthread> producers;
    producers.reserve(kProducers);
    for (int p = 0; p < kProducers; ++p) {
        producers.emplace_back([&] {
            for (int i = 0; i < kItems; ++i) EXPECT_TRUE(mailbox.tryPush(1));
        });
    }
    std::vector<int> out;
    while (out.size() < kTotal) {
        if (!mailbox.drain(out)) {
            ASSERT_TRUE(bell.waitUntil(SteadyClock::now() + std::chrono::seconds(30)));
        }
    }
    EXPECT_EQ(out.size(), kTotal);
}

}  // namespace
}  // namespace tagwire
