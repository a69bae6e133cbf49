#include "source/opcua/options.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

OpcUaOptions valid() {
    OpcUaOptions options;
    options.name = "plc";
    options.endpoint = "opc.tcp://plc:4840";
    options.tags.resize(2);
    options.tags[0].name = "A";
    options.tags[0].node = "ns=2;s=A";
    options.tags[1].name = "B";
    options.tags[1].node = "nsu=http://plant/;i=5";
    return options;
}

/// "key: reason" of everything that check() finds.
template <class Options>
std::vector<std::string> problems(const Options& options) {
    OptionErrors errors;
    options.check(errors);
    std::vector<std::string> found;
    for (const auto& entry : errors.entries()) found.push_back(entry.key + ": " + entry.reason);
    return found;
}

TEST(OpcUaOptions, DefaultsFitTogether) { EXPECT_EQ(problems(valid()), std::vector<std::string>{}); }

TEST(OpcUaOptions, SayWhatIsWrongAllAtOnce) {
    OpcUaOptions options = valid();
    options.endpoint = "plc:4840";
    options.prefix = ".x";
    options.keepAliveCount = 50;
    options.lifetimeCount = 100;
    options.reconnectMax = 500ms;
    options.deadbandAbsolute = 1;
    options.deadbandPercent = 1;
    options.tags[0].node = "A";
    const auto found = problems(options);
    const auto has = [&](std::string_view begin) {
        return std::ranges::any_of(found, [&](const std::string& text) { return text.starts_with(begin); });
    };
    EXPECT_TRUE(has("endpoint: `plc:4840` is no OPC UA address"));
    EXPECT_TRUE(has("prefix: "));
    EXPECT_TRUE(has("lifetime_count: must be at least 3 times keep_alive_count (50), but is 100"));
    EXPECT_TRUE(has("reconnect_max_ms: must not be below reconnect_min_ms (1000), but is 500"));
    EXPECT_TRUE(has("deadband_percent: give deadband_absolute or deadband_percent, not both"));
    EXPECT_TRUE(has("tags[0].node: `A` is no node id"));
}

TEST(OpcUaOptions, NameTheTwinOfADuplicateTag) {
    OpcUaOptions options = valid();
    options.prefix = "Line";
    options.tags[1].name = "A";
    EXPECT_EQ(problems(options),
              std::vector<std::string>{
                  "tags[1].name: `Line.A` is already the name of tags[0]; give each tag its own name"});
}

TEST(OpcUaOptions, ALostServerMustShowWithinTenMinutes) {
    OpcUaOptions options = valid();
    options.publishingInterval = 3'600'000ms;
    ASSERT_EQ(problems(options).size(), 1U);
    EXPECT_TRUE(
        problems(options)[0].starts_with("keep_alive_count: times publishing_interval_ms is 36000 s"));
}

TEST(RangeOptions, NeedsBothEndsInOrder) {
    EXPECT_TRUE(problems(RangeOptions{}).empty());
    EXPECT_TRUE(problems(RangeOptions{0, 1}).empty());
    EXPECT_EQ(problems(RangeOptions{0, {}})[0], "high: is missing: a range needs both low and high");
    EXPECT_EQ(problems(RangeOptions{2, 2})[0], "high: must be above low (2), but is 2");
}

TEST(LimitOptions, Rise) {
    EXPECT_TRUE(LimitOptions{}.fromServer);
    EXPECT_TRUE(problems(LimitOptions{1, 2, 3, 4}).empty());
    EXPECT_TRUE(problems(LimitOptions{{}, 2, {}, 4}).empty());
    EXPECT_EQ(problems(LimitOptions{5, {}, {}, 4})[0], "high_high: must be above low_low (5), but is 4");
}

TEST(Deadbands, OfTheTagWinOverTheServers) {
    OpcUaOptions options = valid();
    options.deadbandPercent = 2;
    options.tags[0].deadbandAbsolute = 0.5;
    options.tags[0].trigger = DataChangeTrigger::StatusValueTimestamp;
    EXPECT_EQ(deadbandOf(options, options.tags[0]),
              (Deadband{Deadband::Kind::Absolute, 0.5, DataChangeTrigger::StatusValueTimestamp}));
    EXPECT_EQ(deadbandOf(options, options.tags[1]),
              (Deadband{Deadband::Kind::Percent, 2, DataChangeTrigger::StatusValue}));
}

TEST(Triggers, HaveDistinctNames) {
    const auto names = optionNames(DataChangeTrigger::Status);
    ASSERT_EQ(names.size(), 3U);
    EXPECT_EQ(names[2].name, "status_value_timestamp");
}

}  // namespace
}  // namespace tagwire::source::opcua
