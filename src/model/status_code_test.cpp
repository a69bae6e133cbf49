#include "model/status_code.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "model/generated/status_code_names.h"
#include "model/generated/status_codes.h"

namespace tagwire {
namespace {

TEST(StatusCode, NamesIgnoreInfoBits) {
    EXPECT_EQ(statusName(kBadNoCommunication), "BadNoCommunication");
    EXPECT_EQ(statusName(kUncertainLastUsableValue.withOverflow()), "UncertainLastUsableValue");
    EXPECT_EQ(statusName(StatusCode{}), "Good");
    EXPECT_EQ(statusName(StatusCode{0x80FE0000}), "");
    EXPECT_EQ(statusName(StatusCode{0xFFFFFFFF}), "");
}

TEST(StatusCode, TextShowsCodesWithoutAName) {
    EXPECT_EQ(statusText(kBadSensorFailure), "BadSensorFailure");
    EXPECT_EQ(statusText(StatusCode{0x80FE0480}), "Bad (0x80FE0480)");
    EXPECT_EQ(statusText(StatusCode{0x3FFF0000}), "Good (0x3FFF0000)");
    EXPECT_EQ(statusText(StatusCode{0x7FFF0000}), "Uncertain (0x7FFF0000)");
    EXPECT_EQ(statusText(StatusCode{0xFFFF0000}), "Bad (0xFFFF0000)");
}

TEST(StatusCode, NamesTellTheSeverity) {
    EXPECT_TRUE(std::ranges::is_sorted(kStatusCodeNames, {}, &StatusCodeName::code));
    for (const auto& [code, name] : kStatusCodeNames) {
        const auto severity = StatusCode{code}.severity();
        const auto* prefix = severity == Severity::Good  ? "Good"
                             : severity == Severity::Bad ? "Bad"
                                                         : "Uncertain";
        EXPECT_TRUE(name.starts_with(prefix)) << name;
    }
}

}  // namespace
}  // namespace tagwire
