#include "access/throttle.h"

#include <gtest/gtest.h>

namespace tagwire::access {
namespace {

using namespace std::chrono_literals;

constexpr Throttle::Limits kSmall{
    .freeFailures = 3, .first = 1s, .longest = 60s, .forgottenAfter = 3600s, .entries = 4};

TEST(ThrottleTest, TheTimeDoublesUpToTheLongest) {
    Throttle throttle(kSmall);
    const SteadyTime now{100h};
    EXPECT_FALSE(throttle.failed("anna", now));
    EXPECT_FALSE(throttle.failed("anna", now));
    EXPECT_FALSE(throttle.wait("anna", now));
    for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s})
        EXPECT_EQ(throttle.failed("anna", now), expected);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(throttle.failed("anna", now), 60s);
    EXPECT_EQ(throttle.wait("anna", now + 100ms), 60s) << "rounded up: earlier is too early";
    EXPECT_FALSE(throttle.wait("anna", now + 60s));
    EXPECT_FALSE(throttle.wait("bert", now));
}

TEST(ThrottleTest, SuccessAndTimeForgive) {
    Throttle throttle(kSmall);
    const SteadyTime now{100h};
    for (int i = 0; i < 5; ++i) throttle.failed("anna", now);
    throttle.succeeded("anna");
    EXPECT_FALSE(throttle.wait("anna", now));
    for (int i = 0; i < 5; ++i) throttle.failed("anna", now);
    EXPECT_FALSE(throttle.failed("anna", now + 3601s)) << "begins anew";
}

TEST(ThrottleTest, WhatIsRememberedIsBounded) {
    Throttle throttle(kSmall);
    const SteadyTime now{100h};
    for (int i = 0; i < 5; ++i) throttle.failed("first", now);
    for (int i = 0; i < 5; ++i) throttle.failed("second", now + 1s);
    for (int i = 0; i < 3; ++i) throttle.failed(std::string(1, static_cast<char>('a' + i)), now + 2s);
    EXPECT_EQ(throttle.size(), 4U);
    EXPECT_FALSE(throttle.wait("first", now + 2s)) << "it failed longest ago";
    EXPECT_TRUE(throttle.wait("second", now + 2s));
}

}  // namespace
}  // namespace tagwire::access
