#include "wire/history_drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"

namespace tagwire::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

HistoryInterval emptyInterval(std::int64_t start) {
    HistoryInterval made;
    made.start = fromUnixMillis(start);
    return made;
}

/// First, lowest, highest and last at 10, 20, 30 and 40 ms after the start.
HistoryInterval busy(std::int64_t start, double first, double minimum, double maximum, double last) {
    auto made = emptyInterval(start);
    made.count = 100;
    made.first = first;
    made.minimum = minimum;
    made.maximum = maximum;
    made.last = last;
    made.firstTime = fromUnixMillis(start + 10);
    made.minimumTime = fromUnixMillis(start + 20);
    made.maximumTime = fromUnixMillis(start + 30);
    made.lastTime = fromUnixMillis(start + 40);
    return made;
}

HistorySeries seriesWith(std::vector<HistoryInterval> intervals) {
    HistorySeries made{.tag = TagPath::parse("A").value()};
    made.intervals = std::move(intervals);
    return made;
}

/// `time value status`, the value `-` where there is none.
std::vector<std::string> textsOf(const std::vector<HistorySample>& samples) {
    std::vector<std::string> result;
    for (const auto& [value, origin] : samples) {
        auto text = std::to_string(toUnixMillis(value.sourceTime)) + " ";
        text += value.value.isNull() ? "-" : std::to_string(static_cast<int>(value.value.toDouble()));
        result.push_back(text + " " + statusText(value.status));
    }
    return result;
}

TEST(HistoryDrawing, GivesTheExtremesOfAnIntervalInTimeOrder) {
    auto early = busy(0, 5, 1, 9, 6);
    std::swap(early.minimumTime, early.maximumTime);
    EXPECT_THAT(textsOf(drawingSamples(seriesWith({early}), BuiltInType::Double)),
                ElementsAre("10 5 Good", "20 9 Good", "30 1 Good", "40 6 Good"));
}

TEST(HistoryDrawing, GivesASampleThatIsEverythingOnce) {
    auto one = emptyInterval(0);
    one.count = 1;
    one.first = one.minimum = one.maximum = one.last = 7;
    one.firstTime = one.minimumTime = one.maximumTime = one.lastTime = fromUnixMillis(3);
    EXPECT_THAT(textsOf(drawingSamples(seriesWith({one}), BuiltInType::Double)), ElementsAre("3 7 Good"));
}

TEST(HistoryDrawing, BreaksTheLineWhereSamplesHaveNoNumber) {
    auto ends = busy(0, 5, 1, 9, 6);
    ends.withoutNumber = 2;
    ends.endsWithoutNumber = true;
    ends.worst = kBadNoCommunication;
    auto amidst = busy(1000, 5, 1, 9, 6);
    amidst.withoutNumber = 1;
    amidst.worst = kBadDataLost;
    auto nothing = emptyInterval(2000);
    nothing.withoutNumber = 1;
    nothing.endsWithoutNumber = true;
    nothing.worst = kBadShutdown;
    EXPECT_THAT(textsOf(drawingSamples(seriesWith({ends, amidst, nothing}), BuiltInType::Double)),
                ElementsAre("10 5 Good", "20 1 Good", "30 9 Good", "40 6 Good", "41 - BadNoCommunication",
                            "1010 5 Good", "1020 1 Good", "1030 9 Good", "1039 - BadDataLost", "1040 6 Good",
                            "2000 - BadShutdown"));
}

TEST(HistoryDrawing, MarksNumbersOfAnUncertainInterval) {
    auto doubtful = busy(0, 5, 5, 9, 9);
    doubtful.minimumTime = doubtful.firstTime;
    doubtful.maximumTime = doubtful.lastTime;
    doubtful.worst = kUncertain;
    EXPECT_THAT(textsOf(drawingSamples(seriesWith({doubtful}), BuiltInType::Double)),
                ElementsAre("10 5 Uncertain", "40 9 Uncertain"));
}

TEST(HistoryDrawing, GivesTextsWithoutGaps) {
    auto texted = seriesWith({emptyInterval(0)});
    texted.intervals.front().withoutNumber = 4;
    texted.intervals.front().endsWithoutNumber = true;
    texted.thinned = true;
    texted.samples.push_back({.value = {.value = Value("open"),
                                        .status = {},
                                        .sourceTime = fromUnixMillis(50),
                                        .serverTime = fromUnixMillis(50)}});
    const auto samples = drawingSamples(texted, BuiltInType::String);
    ASSERT_EQ(samples.size(), 1);
    EXPECT_EQ(samples.front().value.value, Value("open"));
}

TEST(HistoryDrawing, GivesNumbersInTheTypeOfTheTag) {
    const auto first = [](BuiltInType type, double number) {
        auto one = emptyInterval(0);
        one.count = 1;
        one.first = one.minimum = one.maximum = one.last = number;
        return drawingSamples(seriesWith({one}), type).front().value.value;
    };
    EXPECT_EQ(first(BuiltInType::Boolean, 1), Value(true));
    EXPECT_EQ(first(BuiltInType::Int16, -5), Value(std::int16_t{-5}));
    EXPECT_EQ(first(BuiltInType::Float, 0.5), Value(0.5F));
    EXPECT_EQ(first(BuiltInType::UInt64, 18446744073709551616.0),
              Value(std::uint64_t{18446744073709551615U}));
    EXPECT_EQ(first(BuiltInType::Int64, -9223372036854775808.0),
              Value(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(first(BuiltInType::Byte, -1), Value(std::uint8_t{0}));
    EXPECT_EQ(first(BuiltInType::DateTime, 1000), Value(fromUnixMillis(1000)));
    EXPECT_EQ(first(BuiltInType::Null, 2.5), Value(2.5));
}

TEST(HistoryDrawing, OfNothingIsNothing) {
    EXPECT_THAT(drawingSamples(seriesWith({}), BuiltInType::Double), IsEmpty());
}

}  // namespace
}  // namespace tagwire::wire
