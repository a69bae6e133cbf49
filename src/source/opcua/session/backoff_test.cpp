#include "source/opcua/session/backoff.h"

#include <set>

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesWithinItsBounds) {
    Backoff backoff(1s, 30s, 1);
    auto whole = 2s;
    for (int i = 0; i < 12; ++i) {
        const auto wait = backoff.next(Backoff::Cause::Refused);
        EXPECT_GE(wait, whole / 2) << i;
        EXPECT_LE(wait, whole) << i;
        whole = std::min(30s, whole * 2);
    }
}

TEST(Backoff, StaysShortWhileTheServerIsAway) {
    Backoff backoff(1s, 30s, 2);
    for (int i = 0; i < 100; ++i) {
        const auto wait = backoff.next(Backoff::Cause::Unreachable);
        EXPECT_GE(wait, 1s);
        EXPECT_LE(wait, 4s);
    }
}

TEST(Backoff, BeginsAnewAfterReset) {
    Backoff backoff(1s, 30s, 3);
    for (int i = 0; i < 10; ++i) static_cast<void>(backoff.next(Backoff::Cause::Refused));
    backoff.reset();
    EXPECT_LE(backoff.next(Backoff::Cause::Refused), 2s);
}

TEST(Backoff, IsSpread) {
    std::set<std::chrono::milliseconds> waits;
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        waits.insert(Backoff(1s, 30s, seed).next(Backoff::Cause::Refused));
    EXPECT_GT(waits.size(), 40U);
}

TEST(Backoff, NeverExceedsALongestBelowItsDoubles) {
    Backoff backoff(100ms, 100ms, 4);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(backoff.next(Backoff::Cause::Unreachable), 100ms);
}

}  // namespace
}  // namespace tagwire::source::opcua
