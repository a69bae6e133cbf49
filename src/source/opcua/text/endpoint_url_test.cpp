#include "source/opcua/text/endpoint_url.h"

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

EndpointUrl parsed(std::string_view text) {
    auto url = EndpointUrl::parse(text);
    EXPECT_TRUE(url) << url.error().message;
    return url ? *url : EndpointUrl{};
}

TEST(EndpointUrl, TakesHostPortAndPath) {
    EXPECT_EQ(parsed("opc.tcp://plc-1.plant:4841/UA/Server"),
              (EndpointUrl{"plc-1.plant", 4841, "/UA/Server"}));
    EXPECT_EQ(parsed("opc.tcp://10.0.0.7"), (EndpointUrl{"10.0.0.7", 4840, ""}));
    EXPECT_EQ(parsed("opc.tcp://[::1]:5000/"), (EndpointUrl{"::1", 5000, "/"}));
}

TEST(EndpointUrl, WritesAllOfIt) {
    EXPECT_EQ(parsed("opc.tcp://plc/x").text(), "opc.tcp://plc:4840/x");
    EXPECT_EQ(parsed("opc.tcp://[fe80::1]:1").text(), "opc.tcp://[fe80::1]:1");
}

TEST(EndpointUrl, KnowsWhatNeedsNoLookup) {
    EXPECT_TRUE(parsed("opc.tcp://127.0.0.1:4840").isNumeric());
    EXPECT_TRUE(parsed("opc.tcp://[::1]:4840").isNumeric());
    EXPECT_FALSE(parsed("opc.tcp://localhost:4840").isNumeric());
}

TEST(EndpointUrl, RefusesTheRestWithTheReason) {
    const std::pair<std::string_view, std::string_view> cases[]{
        {"", "does not begin with opc.tcp://"},
        {"http://plc:4840", "does not begin with opc.tcp://"},
        {"opc.tcp://", "host is missing"},
        {"opc.tcp://:4840", "host is missing"},
        {"opc.tcp://pl c:4840", "character that host names cannot have"},
        {"opc.tcp://plc:", "port is no number"},
        {"opc.tcp://plc:0", "port is no number"},
        {"opc.tcp://plc:65536", "port is no number"},
        {"opc.tcp://plc:48x0", "port is no number"},
        {"opc.tcp://[::1", "bracket"},
        {"opc.tcp://[plc]:1", "no IPv6 address"},
        {"opc.tcp://[::1]x", "neither a port nor a path"},
        {"opc.tcp://plc/a b", "blank"},
    };
    for (const auto& [text, why] : cases) {
        const auto url = EndpointUrl::parse(text);
        ASSERT_FALSE(url) << text;
        EXPECT_NE(url.error().message.find(why), std::string::npos) << url.error().message;
        EXPECT_NE(url.error().message.find("write it as opc.tcp://host:port"), std::string::npos);
    }
    EXPECT_FALSE(EndpointUrl::parse("opc.tcp://" + std::string(300, 'a')));
}

}  // namespace
}  // namespace tagwire::source::opcua
