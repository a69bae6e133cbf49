#include "types/quality.h"

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

TEST(Quality, HasTheStatusOfTheSpecification) {
    const auto name = [](std::uint16_t quality) { return statusName(statusOfQuality(quality)); };
    EXPECT_EQ(name(0xC0), "Good");
    EXPECT_EQ(name(0xD8), "GoodLocalOverride");
    EXPECT_EQ(name(0x40), "Uncertain");
    EXPECT_EQ(name(0x44), "UncertainLastUsableValue");
    EXPECT_EQ(name(0x50), "UncertainSensorNotAccurate");
    EXPECT_EQ(name(0x54), "UncertainEngineeringUnitsExceeded");
    EXPECT_EQ(name(0x58), "UncertainSubNormal");
    EXPECT_EQ(name(0x00), "Bad");
    EXPECT_EQ(name(0x04), "BadConfigurationError");
    EXPECT_EQ(name(0x08), "BadNotConnected");
    EXPECT_EQ(name(0x0C), "BadDeviceFailure");
    EXPECT_EQ(name(0x10), "BadSensorFailure");
    EXPECT_EQ(name(0x14), "BadOutOfService");
    EXPECT_EQ(name(0x18), "BadNoCommunication");
    EXPECT_EQ(name(0x1C), "BadOutOfService");
    EXPECT_EQ(name(0x20), "BadWaitingForInitialData");
}

TEST(Quality, KeepsTheLimits) {
    EXPECT_EQ(statusOfQuality(0xC1).code(), 0x00000500U);
    EXPECT_EQ(statusOfQuality(0x56).code(), 0x40940600U);
    EXPECT_EQ(statusOfQuality(0x03).code(), 0x80000700U);
}

TEST(Quality, UnknownSubstatusIsNoneAndVendorBitsAreIgnored) {
    EXPECT_EQ(statusOfQuality(0xE0), statusOfQuality(0xC0));
    EXPECT_EQ(statusOfQuality(0x7C), statusOfQuality(0x40));
    EXPECT_EQ(statusOfQuality(0x3C), statusOfQuality(0x00));
    EXPECT_EQ(statusOfQuality(0xFF08), statusOfQuality(0x08));
    for (int quality = 0; quality <= 0xFFFF; ++quality) {
        const auto word = static_cast<std::uint16_t>(quality);
        const auto severity = statusOfQuality(word).severity();
        const auto* expected = severity == Severity::Good        ? "Good"
                               : severity == Severity::Uncertain ? "Uncertain"
                                                                 : "Bad";
        ASSERT_EQ(qualityWord(word), expected) << quality;
    }
}

TEST(Quality, InWords) {
    EXPECT_EQ(qualityText(0xC0), "Good");
    EXPECT_EQ(qualityText(0x08), "Bad, not connected");
    EXPECT_EQ(qualityText(0x51), "Uncertain, sensor not accurate, low limited");
    EXPECT_EQ(qualityText(0xC3), "Good, constant");
}

}  // namespace
}  // namespace tagwire::da
