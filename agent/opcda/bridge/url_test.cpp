#include "bridge/url.h"

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

TEST(GatewayUrl, HasHostAndPort) {
    const auto url = parseGatewayUrl("wss://gateway.plant:5000/", false);
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->tls);
    EXPECT_EQ(url->host, "gateway.plant");
    EXPECT_EQ(url->port, 5000);
    EXPECT_EQ(parseGatewayUrl("wss://gateway", false)->port, 443);
    EXPECT_EQ(parseGatewayUrl("ws://[::1]:80", false)->host, "[::1]");
}

TEST(GatewayUrl, SendsNoTokenInClearUnlessTold) {
    EXPECT_TRUE(parseGatewayUrl("ws://127.0.0.1:5000", false));
    EXPECT_TRUE(parseGatewayUrl("ws://localhost:5000", false));
    EXPECT_FALSE(parseGatewayUrl("ws://gateway:5000", false));
    EXPECT_TRUE(parseGatewayUrl("ws://gateway:5000", true));
}

TEST(GatewayUrl, RefusesWhatIsNone) {
    for (const auto* text : {"", "gateway", "https://gateway", "wss://", "wss://:5000", "wss://g:0",
                             "wss://g:x", "wss://g:70000", "wss://g/path", "wss://u@g", "wss://[::1"})
        EXPECT_FALSE(parseGatewayUrl(text, true)) << text;
}

}  // namespace
}  // namespace tagwire::da
