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

TEST(Log, TerminalsAreToldNothing) {
    testing::internal::CaptureStderr();
    log::warning("store", "{}",
                 "a\xc2\x9b"
                 "31m\xe2\x80\xa8 b\xe2\x80\xa9\x7f \xc2\xb0"
                 "C \xe4\xb8\xad \xc2");
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_NE(written.find(R"(a\xc2\x9b31m\xe2\x80\xa8 b\xe2\x80\xa9\x7f )"
                           "\xc2\xb0"
                           "C \xe4\xb8\xad \xc2"),
              std::string::npos)
        << written;
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
