#include "serve/client_addresses.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

using boost::asio::ip::make_address;
using namespace std::chrono_literals;

TEST(ClientAddresses, OneNetworkOfIPv6IsOneClient) {
    EXPECT_EQ(clientOf(make_address("10.0.0.1")), make_address("10.0.0.1"));
    EXPECT_EQ(clientOf(make_address("::ffff:10.0.0.1")), make_address("10.0.0.1"));
    EXPECT_EQ(clientOf(make_address("2001:db8:1:2:3::1")), clientOf(make_address("2001:db8:1:2:ffff::9")));
    EXPECT_NE(clientOf(make_address("2001:db8:1:2::1")), clientOf(make_address("2001:db8:1:3::1")));
    EXPECT_EQ(clientOf(make_address("::1")), make_address("::1"));
}

TEST(ClientAddresses, CountsTheConnectionsOfAnAddress) {
    ClientAddresses addresses({"127.0.0.1", "::1"});
    const auto now = SteadyClock::now();
    EXPECT_EQ(addresses.of(make_address("127.0.0.1"), now), nullptr);
    EXPECT_EQ(addresses.of(make_address("::ffff:127.0.0.1"), now), nullptr);
    EXPECT_EQ(addresses.of(make_address("::1"), now), nullptr);
    const auto first = addresses.of(make_address("10.0.0.1"), now);
    EXPECT_EQ(ClientAddresses::others(first), 0U);
    {
        const auto second = addresses.of(make_address("10.0.0.1"), now);
        EXPECT_EQ(first, second);
        EXPECT_EQ(ClientAddresses::others(second), 1U);
    }
    EXPECT_EQ(ClientAddresses::others(first), 0U);
    EXPECT_NE(first, addresses.of(make_address("10.0.0.2"), now));
}

TEST(ClientAddresses, ForgetsThoseThatAreGone) {
    ClientAddresses addresses({});
    const auto now = SteadyClock::now();
    const auto kept = addresses.of(make_address("10.0.0.1"), now);
    for (int i = 0; i < 100'000; ++i) {
        const boost::asio::ip::address_v4 address(0x0b000000U + static_cast<unsigned>(i));
        (void)addresses.of(address, now)->requests.take(now, 1);
    }
    // All have taken something within the last second; two seconds later nobody has.
    for (int i = 0; i < 300'000; ++i) {
        const boost::asio::ip::address_v4 address(0x0c000000U + static_cast<unsigned>(i));
        (void)addresses.of(address, now + 2s);
    }
    EXPECT_LT(addresses.size(), 3000U);
    EXPECT_EQ(addresses.of(make_address("10.0.0.1"), now), kept);
}

TEST(RateLimit, ASecondsWorthAtOnceThenEvenly) {
    RateLimit limit;
    auto now = SteadyTime(1h);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(limit.take(now, 10), 0ns);
    EXPECT_EQ(limit.take(now, 10), 100ms);
    EXPECT_EQ(limit.take(now + 50ms, 10), 50ms);
    EXPECT_EQ(limit.take(now + 100ms, 10), 0ns);
    EXPECT_GT(limit.take(now + 100ms, 10), 0ns);
    EXPECT_FALSE(limit.idle(now + 1s));
    EXPECT_TRUE(limit.idle(now + 1100ms));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(limit.take(now + 10s, 10), 0ns);
    EXPECT_GT(limit.take(now + 10s, 10), 0ns);
}

}  // namespace
}  // namespace tagwire::serve
