#include "source/opcua/text/node_id_text.h"

#include <gtest/gtest.h>

#include "source/opcua/text/base64.h"

namespace tagwire::source::opcua {
namespace {

NodeAddress parsed(std::string_view text) {
    auto address = NodeAddress::parse(text);
    EXPECT_TRUE(address) << text << ": " << address.error().message;
    return address ? *address : NodeAddress{};
}

TEST(NodeIdText, TakesEveryForm) {
    EXPECT_EQ(parsed("i=2258"), (NodeAddress{std::uint16_t{0}, std::uint32_t{2258}}));
    EXPECT_EQ(parsed("ns=2;s=Boiler.Temp"), (NodeAddress{std::uint16_t{2}, std::string("Boiler.Temp")}));
    EXPECT_EQ(parsed("nsu=http://plant/;s=A;B=C"),
              (NodeAddress{std::string("http://plant/"), std::string("A;B=C")}));
    EXPECT_EQ(parsed("nsu=a%3Bb%25;i=1"), (NodeAddress{std::string("a;b%"), std::uint32_t{1}}));
    EXPECT_EQ(parsed("ns=1;b=AQID"), (NodeAddress{std::uint16_t{1}, ByteString{"\x01\x02\x03"}}));
    const Guid guid{
        {0x09, 0x08, 0x7e, 0x75, 0x8e, 0x5e, 0x49, 0x9b, 0x95, 0x4f, 0xf2, 0xa9, 0x60, 0x3d, 0xb2, 0x8a}};
    EXPECT_EQ(parsed("ns=3;g=09087E75-8e5e-499b-954f-f2a9603db28a"), (NodeAddress{std::uint16_t{3}, guid}));
    EXPECT_EQ(parsed("ns=65535;i=4294967295"),
              (NodeAddress{std::uint16_t{65535}, std::uint32_t{4294967295}}));
}

TEST(NodeIdText, WritesWhatItTakes) {
    for (const std::string text :
         {"i=2258", "ns=2;s=Boiler.Temp", "nsu=a%3Bb%25;i=1", "ns=3;g=09087e75-8e5e-499b-954f-f2a9603db28a",
          "nsu=http://plant/;b=AQID"}) {
        EXPECT_EQ(parsed(text).text(), text);
    }
    EXPECT_EQ(parsed("ns=0;i=1").text(), "i=1");
}

struct BadCase {
    std::string text;
    std::string why;
};

class NodeIdTextBad : public testing::TestWithParam<BadCase> {};

TEST_P(NodeIdTextBad, IsRefusedWithTheReason) {
    const auto address = NodeAddress::parse(GetParam().text);
    ASSERT_FALSE(address);
    EXPECT_NE(address.error().message.find(GetParam().why), std::string::npos) << address.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    All, NodeIdTextBad,
    testing::Values(BadCase{"", "kind (i=, s=, g= or b=) is missing"},
                    BadCase{"Temp", "kind (i=, s=, g= or b=) is missing"},
                    BadCase{"x=1", "none of i=, s=, g=, b="}, BadCase{"i=", "no number"},
                    BadCase{"i=-1", "no number"}, BadCase{"i=4294967296", "no number"},
                    BadCase{"i=1 ", "no number"}, BadCase{"s=", "no name"},
                    BadCase{"ns=2", "no `;` and identifier"}, BadCase{"ns=65536;i=1", "namespace index"},
                    BadCase{"ns=x;i=1", "namespace index"}, BadCase{"nsu=;i=1", "URI is empty"},
                    BadCase{"nsu=a%;i=1", "hexadecimal"}, BadCase{"nsu=a%zz;i=1", "hexadecimal"},
                    BadCase{"g=09087e75", "no GUID"},
                    BadCase{"g=09087e75-8e5e-499b-954f-f2a9603db28z", "no GUID"}, BadCase{"b=", "base64"},
                    BadCase{"b=!!!", "base64"}, BadCase{"s=" + std::string(4097, 'a'), "4096"}));

TEST(Base64, GoesBothWaysForEveryLength) {
    std::string bytes;
    for (int i = 0; i < 70; ++i) {
        EXPECT_EQ(fromBase64(toBase64(bytes)), bytes) << i;
        bytes.push_back(static_cast<char>(i * 37));
    }
    EXPECT_EQ(toBase64("foob"), "Zm9vYg==");
    EXPECT_EQ(toBase64("fooba"), "Zm9vYmE=");
}

TEST(Base64, RefusesWhatIsNotItsOwn) {
    for (const std::string_view text :
         {"Zm9vYg", "Zm9vYg=", "Zm9vYh==", "Zm9vYg===", "Z", "====", "Zm9 YmE=", "Zm9vYg==Zg=="}) {
        EXPECT_FALSE(fromBase64(text)) << text;
    }
}

}  // namespace
}  // namespace tagwire::source::opcua
