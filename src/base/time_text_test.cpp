#include "base/time_text.h"

#include <optional>

#include <gtest/gtest.h>

namespace tagwire {
namespace {

std::optional<std::int64_t> millis(std::string_view text) {
    const auto time = parseTime(text);
    return time ? std::optional(toUnixMillis(*time)) : std::nullopt;
}

constexpr std::int64_t kNoon = 1'795'435'200'000;  // 2026-11-23T12:00:00Z

TEST(TimeText, ReadsMillisecondsSince1970) {
    EXPECT_EQ(millis("1795435200000"), kNoon);
    EXPECT_EQ(millis("0"), 0);
    EXPECT_EQ(millis("-1"), -1);
    EXPECT_EQ(millis("-11644473600000"), -11'644'473'600'000);
}

TEST(TimeText, ReadsIso8601) {
    EXPECT_EQ(millis("2026-11-23"), kNoon - 43'200'000);
    EXPECT_EQ(millis("2026-11-23T12:00"), kNoon);
    EXPECT_EQ(millis("2026-11-23 12:00:01"), kNoon + 1000);
    EXPECT_EQ(millis("2026-11-23T12:00:00.25Z"), kNoon + 250);
    EXPECT_EQ(millis("2026-11-23T20:00:00+08:00"), kNoon);
    EXPECT_EQ(millis("2026-11-23T06:30:00-05:30"), kNoon);
    EXPECT_EQ(millis("2026-11-23T14:00+02"), kNoon);
    EXPECT_EQ(millis("2028-02-29"), 1'835'395'200'000);
}

TEST(TimeText, KeepsTicks) {
    EXPECT_EQ(*parseTime("2026-11-23T12:00:00.123456789Z") - fromUnixMillis(kNoon), Ticks{1'234'567});
}

TEST(TimeText, RefusesWhatIsNoTime) {
    for (const auto* text :
         {"", "yesterday", "2026-13-01", "2026-02-29", "2026-11-23T", "2026-11-23T24:00",
          "2026-11-23T12:00:60", "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00Zz", "2026-11-23T12:00:00+8",
          "1600-12-31", "-11644473600001", "253402300800000", "99999999999999999999", "2026-1-1", "1.5",
          "2026-11--1", "9999-12-31T23:59:59-01:00"}) {
        EXPECT_FALSE(parseTime(text)) << text;
    }
    EXPECT_EQ(parseTime("soon").error().message,
              "expected milliseconds since 1970 or a time such as 2026-11-23T12:00:00Z");
}

}  // namespace
}  // namespace tagwire
