#include "bridge/fingerprint.h"

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

TEST(Fingerprint, IsReadAsToolsShowIt) {
    std::string plain;
    for (int i = 0; i < 8; ++i) plain += "0aF19c7e";
    const auto read = parseFingerprint(plain);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ((*read)[0], 0x0A);
    EXPECT_EQ((*read)[31], 0x7E);
    const auto shown = fingerprintText(*read);
    EXPECT_EQ(shown.substr(0, 12), "0A:F1:9C:7E:");
    EXPECT_EQ(shown.size(), 95U);
    EXPECT_EQ(parseFingerprint(shown).value(), *read);
}

TEST(Fingerprint, AnythingElseIsAnError) {
    EXPECT_FALSE(parseFingerprint(""));
    EXPECT_FALSE(parseFingerprint(std::string(63, 'a')));
    EXPECT_FALSE(parseFingerprint(std::string(65, 'a')));
    EXPECT_FALSE(parseFingerprint(std::string(63, 'a') + "g"));
    const auto wrong = parseFingerprint("sha1");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("64 hexadecimal digits"), std::string::npos);
}

}  // namespace
}  // namespace tagwire::da
