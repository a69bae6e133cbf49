#include "serve/origin_policy.h"

#include <gtest/gtest.h>

#include "serve/listen_address.h"

namespace tagwire::serve {
namespace {

const OriginPolicy kPolicy({"https://HMI.example.com"}, {"tagwire.plant.local"});

TEST(OriginPolicy, LoopbackPagesAreAllowedOnEveryPort) {
    for (const auto* origin :
         {"http://127.0.0.1:8008", "http://localhost:3000", "https://[::1]:1", "http://127.0.0.1"}) {
        EXPECT_TRUE(kPolicy.allowsOrigin(origin, "127.0.0.1:5000")) << origin;
    }
}

TEST(OriginPolicy, ThisServersOwnPagesAndConfiguredOnesAreAllowed) {
    EXPECT_TRUE(kPolicy.allowsOrigin("http://10.0.0.5:5000", "10.0.0.5:5000"));
    EXPECT_TRUE(kPolicy.allowsOrigin("https://hmi.example.com", "10.0.0.5:5000"));
    EXPECT_TRUE(kPolicy.allowsOrigin("", "10.0.0.5:5000")) << "no page asks";
}

TEST(OriginPolicy, EveryOtherPageIsRefused) {
    for (const auto* origin :
         {"http://evil.com", "http://10.0.0.5:5001", "https://hmi.example.com:444", "null",
          "http://hmi.example.com", "http://localhost.evil.com", "http://127.0.0.1.evil.com", "file://",
          "http://evil.com/127.0.0.1:8008", "http://127.0.0.1@evil.com"}) {
        EXPECT_FALSE(kPolicy.allowsOrigin(origin, "10.0.0.5:5000")) << origin;
    }
}

TEST(OriginPolicy, NamesMustBeConfiguredAgainstRebinding) {
    for (const auto* host : {"127.0.0.1:5000", "localhost", "LOCALHOST:5000", "[::1]:5000", "192.168.1.5",
                             "Tagwire.plant.local:5000"}) {
        EXPECT_TRUE(kPolicy.allowsHost(host)) << host;
    }
    for (const auto* host : {"", "evil.com", "evil.com:5000", "127.0.0.1.evil.com", "[::1", ":5000"}) {
        EXPECT_FALSE(kPolicy.allowsHost(host)) << host;
    }
}

TEST(ParseOrigin, SaysWhatIsWrong) {
    EXPECT_EQ(*parseOrigin("HTTPS://Hmi.Example.com:8443"), "https://hmi.example.com:8443");
    for (const auto* wrong :
         {"hmi.example.com", "ftp://x", "http://x/path", "http://x?q", "http://u@x", "http://", "*"}) {
        EXPECT_FALSE(parseOrigin(wrong)) << wrong;
    }
}

TEST(ParseListenAddress, TakesAddressesAndSaysWhatIsWrong) {
    const auto v4 = parseListenAddress("127.0.0.1:5000");
    ASSERT_TRUE(v4);
    EXPECT_TRUE(v4->loopback);
    EXPECT_EQ(v4->port, 5000);
    EXPECT_EQ(parseListenAddress("localhost:1")->host, "127.0.0.1");
    EXPECT_EQ(parseListenAddress("[::1]:65535")->host, "::1");
    EXPECT_FALSE(parseListenAddress("0.0.0.0:80")->loopback);
    for (const auto* wrong :
         {"5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "host:80", "::1:x", ""}) {
        EXPECT_FALSE(parseListenAddress(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace tagwire::serve
