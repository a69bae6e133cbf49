#include "wire/history_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "wire/history_csv.h"

namespace tagwire::wire {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::int64_t kNoon = 1'795'435'200'000;

HistorySample recordedSample(std::int64_t after, Value value, StatusCode status = {}) {
    const auto time = fromUnixMillis(kNoon + after);
    return {.value = {.value = std::move(value), .status = status, .sourceTime = time, .serverTime = time},
            .origin = SampleOrigin::Live};
}

HistorySeries series(std::vector<HistorySample> samples) {
    HistorySeries made{.tag = TagPath::parse("Boiler.T1").value()};
    made.known = true;
    made.samples = std::move(samples);
    return made;
}

TEST(HistoryAnswers, ALongSeriesTravelsInParts) {
    std::vector<HistorySample> many;
    for (int i = 0; i < 10; ++i) many.push_back(recordedSample(i, Value(i * 1.5)));
    auto longSeries = series(std::move(many));
    longSeries.before = recordedSample(-1, Value(0.5));
    SeriesEncoder encoder(std::move(longSeries), {.type = BuiltInType::Double}, tagwire::HistoryForm::Raw,
                          fromUnixMillis(kNoon));
    std::vector<std::string> frames;
    while (!encoder.done()) appendHistPart(frames.emplace_back(), RequestId{7}, encoder, 30);
    ASSERT_EQ(frames.size(), 3);
    EXPECT_EQ(frames[0], R"({"t":"hist","id":7,"n":"Boiler.T1","ty":"f64","b":1795435200000,)"
                         R"("before":[-1,0.5],"v":[[0,0],[1,1.5],[2,3],[3,4.5],[4,6]]})");
    EXPECT_THAT(frames[1], HasSubstr(R"("v":[[5,7.5],[6,9],[7,10.5],[8,12]]})"));
    EXPECT_THAT(frames[2], HasSubstr(R"("v":[[9,13.5]]})"));
    EXPECT_THAT(frames[2], testing::Not(HasSubstr("before")));
}

TEST(HistoryAnswers, AreRefusedWhenTheyGetTooLong) {
    std::vector<SeriesEncoder> encoders;
    encoders.emplace_back(
        series({recordedSample(0, Value(std::string(1000, 'x'))), recordedSample(1, Value("y"))}),
        SeriesType{.type = BuiltInType::String}, tagwire::HistoryForm::Raw, fromUnixMillis(kNoon));
    std::string body;
    EXPECT_FALSE(appendHistoryAnswer(body, {.from = {}, .to = {}, .bad = {}, .next = {}}, encoders, 500));
}

TEST(HistoryAnswers, AreOneObject) {
    std::vector<SeriesEncoder> encoders;
    encoders.emplace_back(series({recordedSample(0, Value(true))}), SeriesType{.type = BuiltInType::Boolean},
                          tagwire::HistoryForm::Raw, fromUnixMillis(kNoon));
    const std::vector<BadTag> bad{{"Nope", ErrorCode::UnknownTag, "nothing is recorded under this name"}};
    std::string body;
    ASSERT_TRUE(appendHistoryAnswer(body,
                                    {.from = fromUnixMillis(kNoon),
                                     .to = fromUnixMillis(kNoon + 5),
                                     .form = tagwire::HistoryForm::Raw,
                                     .bad = bad,
                                     .next = "abc"},
                                    encoders, 10'000));
    EXPECT_EQ(body,
              R"({"from":1795435200000,"to":1795435200005,"form":"raw","tags":[{"n":"Boiler.T1","ty":"bool",)"
              R"("b":1795435200000,"v":[[0,true]]}],"bad":[{"n":"Nope","code":"unknown_tag",)"
              R"("msg":"nothing is recorded under this name"}],"next":"abc"})");
}

TEST(HistoryAnswers, KnowTheTypeOfATagThatIsGone) {
    EXPECT_EQ(typeOfSamples(series({recordedSample(0, Value(std::int16_t{1})), recordedSample(1, {})})).type,
              BuiltInType::Int16);
    auto before = series({});
    before.before = recordedSample(-1, Value("text"));
    EXPECT_EQ(typeOfSamples(before).type, BuiltInType::String);
    const auto array = typeOfSamples(
        series({recordedSample(0, Value(Array{BuiltInType::Double, std::vector<double>{1, 2}, {}}))}));
    EXPECT_EQ(array.type, BuiltInType::Double);
    EXPECT_EQ(array.dimensions, std::vector<std::uint32_t>{0});
    EXPECT_EQ(typeOfSamples(series({})).type, BuiltInType::Null);
}

std::string csvOf(HistorySeries of, tagwire::HistoryForm form = tagwire::HistoryForm::Raw) {
    const auto type = typeOfSamples(of);
    const std::vector<TypedSeries> all{{.series = std::move(of), .type = type, .unit = "°C"}};
    std::string out;
    EXPECT_TRUE(appendHistoryCsv(out, all, form, 10'000));
    return out;
}

TEST(HistoryCsv, HasALineASampleWithBothTimesAndTheQuality) {
    auto one = series({recordedSample(0, Value(-1.5)), recordedSample(250, {}, kBadNoCommunication)});
    one.before = recordedSample(-1000, Value(2.0), kUncertain);
    one.samples.front().value.serverTime += std::chrono::milliseconds(40);
    one.samples.front().origin = SampleOrigin::Backfill;
    EXPECT_EQ(csvOf(std::move(one)),
              "\xEF\xBB\xBFtag,source time,server time,value,unit,quality,status,status code,origin\r\n"
              "Boiler.T1,2026-11-23T11:59:59.000Z,2026-11-23T11:59:59.000Z,2,°C,Uncertain,Uncertain,"
              "1073741824,live\r\n"
              "Boiler.T1,2026-11-23T12:00:00.000Z,2026-11-23T12:00:00.040Z,-1.5,°C,Good,Good,0,backfill\r\n"
              "Boiler.T1,2026-11-23T12:00:00.250Z,2026-11-23T12:00:00.250Z,,°C,Bad,BadNoCommunication,"
              "2150694912,live\r\n");
}

TEST(HistoryCsv, QuotesTextsAndDisarmsFormulas) {
    EXPECT_THAT(csvOf(series({recordedSample(0, Value("a,\"b\"\nc"))})), HasSubstr(",\"a,\"\"b\"\"\nc\","));
    EXPECT_THAT(csvOf(series({recordedSample(0, Value("=HYPERLINK(\"x\")"))})),
                HasSubstr(",\"'=HYPERLINK(\"\"x\"\")\","));
    EXPECT_THAT(csvOf(series({recordedSample(0, Value("-1+2"))})), HasSubstr(",\"'-1+2\","));
}

TEST(HistoryCsv, HasALineAnInterval) {
    auto one = series({});
    HistoryInterval interval;
    interval.start = fromUnixMillis(kNoon);
    interval.known = std::chrono::seconds(30);
    interval.average = 1.25;
    one.intervals.push_back(interval);
    const auto text = csvOf(std::move(one), tagwire::HistoryForm::Aggregates);
    EXPECT_THAT(text, StartsWith("\xEF\xBB\xBFtag,start,samples,known ms,average,"));
    EXPECT_THAT(text, EndsWith("\r\nBoiler.T1,2026-11-23T12:00:00.000Z,0,30000,1.25,,,,,°C,Good,Good,0\r\n"));
}

TEST(HistoryCsv, IsRefusedWhenItGetsTooLong) {
    const std::vector<TypedSeries> all{
        {.series = series({recordedSample(0, Value(1.0))}), .type = {}, .unit = {}}};
    std::string out;
    EXPECT_FALSE(appendHistoryCsv(out, all, tagwire::HistoryForm::Raw, 50));
}

}  // namespace
}  // namespace tagwire::wire
