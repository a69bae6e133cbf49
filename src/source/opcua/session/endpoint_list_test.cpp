#include "source/opcua/session/endpoint_list.h"

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

TEST(EndpointList, EachRoundBeginsWithTheFirst) {
    EndpointList list("a", {"b", "c"});
    const SteadyTime now = SteadyClock::now();
    EXPECT_EQ(list.current(), "a");
    EXPECT_TRUE(list.failed(now));
    EXPECT_EQ(list.current(), "b");
    EXPECT_TRUE(list.failed(now));
    EXPECT_EQ(list.current(), "c");
    EXPECT_FALSE(list.failed(now));
    EXPECT_EQ(list.current(), "a");
    EXPECT_TRUE(list.failed(now));
    list.works();
    EXPECT_TRUE(list.failed(now));
    EXPECT_EQ(list.current(), "a");
}

TEST(EndpointList, LeavesALowServiceLevelOnceForEachOther) {
    EndpointList list("a", {"b"});
    const SteadyTime now = SteadyClock::now();
    list.told(200, now);
    EXPECT_FALSE(list.moveToBetter(now));
    list.told(150, now);
    EXPECT_TRUE(list.moveToBetter(now));
    EXPECT_EQ(list.current(), "b");
    list.told(100, now);
    EXPECT_TRUE(list.moveToBetter(now)) << "the other is known to be better";
    list.told(150, now);
    EXPECT_FALSE(list.moveToBetter(now));
    EXPECT_TRUE(list.moveToBetter(now + EndpointList::kMemory)) << "what is known has become old";
}

}  // namespace
}  // namespace tagwire::source::opcua
