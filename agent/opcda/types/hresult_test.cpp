#include "types/hresult.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

using testing::HasSubstr;

TEST(Hresult, SaysWhatToDo) {
    EXPECT_THAT(hresultText(0x80040154), HasSubstr("0x80040154 class not registered: register the server"));
    EXPECT_THAT(hresultText(0x80070005), HasSubstr("dcomcnfg"));
    EXPECT_THAT(hresultText(0x800706BA), HasSubstr("the server has ended"));
    EXPECT_THAT(hresultText(0xC0040007), HasSubstr("unknown item"));
}

TEST(Hresult, TakesTheServersWordsForWhatItDoesNotKnow) {
    EXPECT_EQ(hresultText(0xC0048001, "Leitung gestört.\r\n"), "0xC0048001 Leitung gestört.");
    EXPECT_EQ(hresultText(0xC0048001, " \r\n"), "0xC0048001");
    EXPECT_EQ(hresultText(0xC0048001), "0xC0048001");
    EXPECT_THAT(hresultText(0xC0040006, "Zugriff verweigert"), HasSubstr("access rights"));
}

TEST(Hresult, HasAStatusForItems) {
    EXPECT_EQ(statusName(statusOfFailure(0xC0040007)), "BadNodeIdUnknown");
    EXPECT_EQ(statusName(statusOfFailure(0xC0040006)), "BadNotReadable");
    EXPECT_EQ(statusName(statusOfFailure(0xC0040004)), "BadTypeMismatch");
    EXPECT_EQ(statusName(statusOfFailure(0x80004005)), "Bad");
}

TEST(Hresult, FailureIsTheTopBit) {
    EXPECT_TRUE(isFailure(0xC0040007));
    EXPECT_FALSE(isFailure(0));
    EXPECT_FALSE(isFailure(0x0004000D));
}

TEST(Hresult, OfAWriteSaysWhatBecameOfIt) {
    EXPECT_TRUE(statusOfWrite(0).isGood());
    EXPECT_EQ(statusOfWrite(0x0004000E), StatusCode{0x00300000}) << "clamped, which is good";
    EXPECT_EQ(statusOfWrite(0xC0040006), StatusCode{0x803B0000}) << "BadNotWritable";
    EXPECT_EQ(statusOfWrite(0xC0040004), StatusCode{0x80740000}) << "BadTypeMismatch";
    EXPECT_EQ(statusOfWrite(0xC004000B), StatusCode{0x803C0000}) << "BadOutOfRange";
    EXPECT_EQ(statusOfWrite(0xC0040007), StatusCode{0x80340000}) << "BadNodeIdUnknown";
    EXPECT_EQ(statusOfWrite(0x800706BE), StatusCode{0x80050000}) << "BadCommunicationError: nobody knows";
    EXPECT_EQ(statusOfWrite(0x80004005), StatusCode{0x80000000});
}

}  // namespace
}  // namespace tagwire::da
