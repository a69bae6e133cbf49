#include "base/log.h"

#include <gtest/gtest.h>

namespace tagwire {
namespace {

TEST(Log, OutsideTextCannotForgeLines) {
    testing::internal::CaptureStderr();
    log::warning("store", "tag '{}' exists already", "a\n2026-01-01 error base: all is lost\x1b[31m");
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
    EXPECT_NE(written.find(R"(a\x0a2026-01-01)"), std::string::npos) << written;
    EXPECT_NE(written.find(R"(\x1b[31m)"), std::string::npos) << written;
}

TEST(Log, LevelsBelowTheChosenOneAreSilent) {
    testing::internal::CaptureStderr();
    log::debug("test", "not to be seen");
    log::setLevel(log::Level::Debug);
    log::debug("test", "to be seen");
    log::setLevel(log::Level::Info);
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_EQ(written.find("not to be seen"), std::string::npos);
    EXPECT_NE(written.find("to be seen"), std::string::npos);
}

}  // namespace
}  // namespace tagwire
