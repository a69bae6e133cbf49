#include "source/opcua/text/asked_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ForbiddenAddress : public testing::TestWithParam<std::string_view> {};

TEST_P(ForbiddenAddress, MayNotBeAskedFor) {
    const auto host = GetParam();
    EXPECT_TRUE(forbiddenKind(host)) << host;
    EXPECT_FALSE(allowedAddresses(AskedBy::Api, "plc", {std::string(host)})) << host;
    EXPECT_TRUE(allowedAddresses(AskedBy::Configuration, "plc", {std::string(host)})) << host;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ForbiddenAddress,
    testing::Values("169.254.169.254", "169.254.0.1", "169.254.255.255", "100.100.100.200", "168.63.129.16",
                    "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1",
                    // what inet_aton() makes addresses of
                    "2852039166", "0xA9FEA9FE", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518",
                    "169.16689662", "0", "0x0", "025177524776",
                    // IPv6, and IPv4 within it
                    "::", "fe80::1", "fe80::1%eth0", "febf::1", "ff02::1", "fd00:ec2::254", "fd20:ce::254",
                    "FD00:0EC2:0:0:0:0:0:0254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe",
                    "::169.254.169.254", "::ffff:0:169.254.169.254", "64:ff9b::a9fe:a9fe",
                    "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:5601:5601", "::ffff:0.0.0.0",
                    "::ffff:255.255.255.255"));

class AllowedAddress : public testing::TestWithParam<std::string_view> {};

TEST_P(AllowedAddress, MayBeAskedFor) { EXPECT_EQ(forbiddenKind(GetParam()), std::nullopt) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Forms, AllowedAddress,
                         testing::Values("127.0.0.1", "127.1", "2130706433", "10.0.0.7", "172.16.0.1",
                                         "192.168.0.10", "169.253.255.255", "169.255.0.1", "223.255.255.255",
                                         "100.100.100.201", "8.8.8.8", "::1", "::ffff:127.0.0.1",
                                         "::127.0.0.1", "fd00::5", "fd00:ec2::255", "fe00::1", "fec0::1",
                                         "2001:db8::1", "2002:7f00:1::", "64:ff9b::a00:1", "plc",
                                         "169.254.169.254.example", "metadata.google.internal", "a9fea9fe",
                                         ""));

TEST(AskedUrl, SaysWhyAndWhatToDo) {
    EXPECT_EQ(parseAskedUrl("opc.tcp://10.0.0.7").value().host, "10.0.0.7");
    EXPECT_EQ(parseAskedUrl("opc.tcp://plc:4841").value().port, 4841);
    EXPECT_THAT(parseAskedUrl("opc.tcp://169.254.169.254:80/latest").error().message,
                testing::AllOf(HasSubstr("`169.254.169.254` is the address of a cloud's metadata service"),
                               HasSubstr("configuration file")));
    EXPECT_THAT(parseAskedUrl("opc.tcp://[::ffff:169.254.1.1]").error().message,
                HasSubstr("is a link-local address"));
    EXPECT_THAT(parseAskedUrl("opc.tcp://0x7f.1:4840").value().host, "0x7f.1");
    EXPECT_THAT(parseAskedUrl("http://10.0.0.7").error().message, HasSubstr("is no OPC UA address"));
}

TEST(AllowedAddresses, KeepWhatANameMayLeadTo) {
    EXPECT_THAT(allowedAddresses(AskedBy::Api, "plc", {"fe80::1%eth0", "10.0.0.7"}).value(),
                ElementsAre("10.0.0.7"));
    EXPECT_THAT(allowedAddresses(AskedBy::Api, "rebound", {"169.254.169.254"}).error().message,
                HasSubstr("`rebound` leads to the address of a cloud's metadata service (169.254.169.254)"));
    EXPECT_TRUE(allowedAddresses(AskedBy::Api, "plc", {}).value().empty());
}

}  // namespace
}  // namespace tagwire::source::opcua
