// Where secrets may be sent, and where not.
#include "access/web_address.h"

#include <gtest/gtest.h>

namespace tagwire::access {
namespace {

TEST(WebAddress, IsHttps) {
    const auto address = parseWebAddress("https://id.example.com:8443/realms/plant/", PlainHttp::Never);
    ASSERT_TRUE(address);
    EXPECT_TRUE(address->secure);
    EXPECT_FALSE(address->loopback);
    EXPECT_EQ(address->path, "/realms/plant");
    EXPECT_FALSE(address->query);
    EXPECT_TRUE(parseWebAddress("HTTPS://id.example.com/?a=b", PlainHttp::Never)->query);
    EXPECT_TRUE(parseWebAddress("https://127.0.0.1", PlainHttp::Never)->loopback);
}

TEST(WebAddress, IsPlainHttpWithinThisMachineAtMost) {
    for (const auto* here :
         {"http://127.0.0.1:8080", "http://127.8.9.1/", "http://[::1]:8080/", "http://LocalHost"}) {
        EXPECT_TRUE(parseWebAddress(here, PlainHttp::ToLoopback)) << here;
        EXPECT_FALSE(parseWebAddress(here, PlainHttp::Never)) << here;
    }
    for (const auto* elsewhere :
         {"http://10.0.0.1/", "http://localhost.example.com/", "http://127.0.0.1.nip.io/", "http://0.0.0.0/",
          "http://[::]/", "http://127.1/"})
        EXPECT_FALSE(parseWebAddress(elsewhere, PlainHttp::ToLoopback)) << elsewhere;
}

TEST(WebAddress, IsNothingElse) {
    for (const auto* none :
         {"", "id.example.com", "//id.example.com", "ftp://id.example.com", "https://", "https:///x",
          "https://user@id.example.com", "https://id.example.com/#x", "https://id example.com",
          "https://id.example.com\\@evil.example", "file:///etc/passwd", "https://id.example.com\n"})
        EXPECT_FALSE(parseWebAddress(none, PlainHttp::ToLoopback)) << none;
}

}  // namespace
}  // namespace tagwire::access
