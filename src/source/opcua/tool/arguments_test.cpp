#include "source/opcua/tool/arguments.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array kOptions{OptionSpec{"--json", "", ""}, OptionSpec{"--timeout", "TIME", ""}};

Result<Arguments> parse(std::vector<std::string_view> words) { return Arguments::parse(words, kOptions); }

TEST(Arguments, OptionsStandAnywhereInBothForms) {
    const auto arguments = parse({"opc.tcp://a", "--timeout", "5s", "i=1", "--json"}).value();
    EXPECT_THAT(arguments.positional(), ElementsAre("opc.tcp://a", "i=1"));
    EXPECT_EQ(arguments.value("--timeout"), "5s");
    EXPECT_TRUE(arguments.has("--json"));
    EXPECT_EQ(parse({"--timeout=1s", "--timeout=2s"})->value("--timeout"), "2s");
    EXPECT_FALSE(parse({})->has("--json"));
}

TEST(Arguments, NegativeNumbersAreValues) {
    EXPECT_THAT(parse({"-5", "-.5", "-", "--", "--json", "-x"})->positional(),
                ElementsAre("-5", "-.5", "-", "--json", "-x"));
}

TEST(Arguments, ErrorsNameTheWord) {
    EXPECT_THAT(parse({"--jsom"}).error().message, HasSubstr("'--jsom'"));
    EXPECT_THAT(parse({"-x"}).error().message, HasSubstr("'-x'"));
    EXPECT_THAT(parse({"--timeout"}).error().message, HasSubstr("--timeout needs TIME"));
    EXPECT_THAT(parse({"--json=yes"}).error().message, HasSubstr("takes no value"));
}

TEST(ParseDuration, TakesUnits) {
    EXPECT_EQ(parseDuration("500ms"), 500ms);
    EXPECT_EQ(parseDuration("5"), 5s);
    EXPECT_EQ(parseDuration("1.5s"), 1500ms);
    EXPECT_EQ(parseDuration("2m"), 2min);
    EXPECT_EQ(parseDuration("7d"), 168h);
    for (const char* bad : {"", "s", "5 s", "-5s", "0", "5x", "nan", "inf", "1e300d", "9999999d"})
        EXPECT_FALSE(parseDuration(bad)) << bad;
}

TEST(ParseTime, TakesIsoTimesAndAges) {
    constexpr Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 8h};
    EXPECT_EQ(parseTime("now", kNow), kNow);
    EXPECT_EQ(parseTime("-2h", kNow), kNow - 2h);
    EXPECT_EQ(parseTime("2026-11-23", kNow), kNow - 8h);
    EXPECT_EQ(parseTime("2026-11-23T08:00", kNow), kNow);
    EXPECT_EQ(parseTime("2026-11-23 08:00:00Z", kNow), kNow);
    EXPECT_EQ(parseTime("2026-11-23T16:00:00+08:00", kNow), kNow);
    EXPECT_EQ(parseTime("2026-11-23T02:30:00-0530", kNow), kNow);
    EXPECT_EQ(parseTime("2026-11-23T08:00:00.1234567Z", kNow), kNow + Ticks(1'234'567));
    for (const char* bad : {"", "yesterday", "2026-02-30", "2026-13-01", "2026-11-23T25:00", "2026-11-23T08",
                            "2026-11-23T08:00:61", "2026-11-23T08:00Zx", "2026-11-23T08:00+99:00", "--2h"}) {
        const auto time = parseTime(bad, kNow);
        ASSERT_FALSE(time) << bad;
        EXPECT_FALSE(time.error().message.empty());
    }
}

TEST(ParseCount, KeepsToTheBounds) {
    EXPECT_EQ(parseCount("--max", "10", 1, 10), 10U);
    for (const char* bad : {"", "0", "11", "-1", "1.5", "many", "99999999999"})
        EXPECT_THAT(parseCount("--max", bad, 1, 10).error().message, HasSubstr("from 1 to 10")) << bad;
}

}  // namespace
}  // namespace tagwire::source::opcua
