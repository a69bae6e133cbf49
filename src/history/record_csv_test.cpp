#include "history/record_csv.h"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "history/samples_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

TagPath tag(const std::string& text) { return TagPath::parse(text).value(); }

std::string head() {
    std::string out;
    appendCsvHead(out);
    return out;
}

/// Samples, or the errors in their places.
std::vector<std::string> readAll(const std::string& text) {
    std::istringstream in(text);
    CsvReader reader(in);
    std::vector<std::string> lines;
    for (;;) {
        const auto sample = reader.next();
        if (sample && !*sample) return lines;
        lines.push_back(sample ? (*sample)->tag.text() + " " + bits((*sample)->sample)
                               : std::to_string(reader.line()) + ": " + sample.error().message);
        if (!reader.isTable()) return lines;
    }
}

TEST(RecordCsv, WhatIsWrittenReadsBackToTheBit) {
    std::string text = head();
    std::vector<std::string> expected;
    const auto name = tag("=Plant, \"A\".Flow");
    const std::vector<Value> values{Value{},
                                    Value(true),
                                    Value(std::int8_t{-128}),
                                    Value(std::uint64_t{UINT64_MAX}),
                                    Value(std::int64_t{INT64_MIN}),
                                    Value(0.1F),
                                    Value(0.1),
                                    Value(-0.0),
                                    Value(1e-300),
                                    Value(std::numeric_limits<double>::infinity()),
                                    Value(""),
                                    Value("'quoted'"),
                                    Value("'"),
                                    Value("=1+1, \"x\"\r\nsecond line"),
                                    Value("'=x"),
                                    Value("液位")};
    std::int64_t ticks = 0;
    for (const auto& value : values) {
        HistorySample sample{.value = {.value = value,
                                       .status = kUncertain,
                                       .sourceTime = kTestStart + Ticks{++ticks},
                                       .serverTime = kTestStart - Ticks{ticks}},
                             .origin = SampleOrigin::Backfill};
        appendCsvLine(text, name, sample);
        sample.origin = SampleOrigin::Imported;
        expected.push_back(name.text() + " " + bits(sample));
    }
    EXPECT_EQ(readAll(text), expected);
    EXPECT_EQ(text.find(",=1"), std::string::npos);
    EXPECT_NE(text.find(",\"'=1+1"), std::string::npos);
}

TEST(RecordCsv, SaysWhatIsWrongWithWhichLine) {
    const std::string good = "A,2026-01-01T00:00:00Z,,Double,1.5,0,Good,live\r\n";
    const auto lines =
        readAll(head() + good + "A,yesterday,,Double,1.5,0,Good,live\n" + "A,0,,Double,1.5x,0,Good,live\n" +
                "A,0,,Real,1.5,0,Good,live\n" + "A,0,,Boolean,1,0,Good,live\n" + "A,0,,Null,1,0,Good,live\n" +
                "A,0,,Double[],\"[1,2]\",0,Good,live\n" + "A,0,,Double,1,-1,Good,live\n" +
                "A.*,0,,Double,1,0,Good,live\n" + "A,0,,Double,1\n" + "A,0,,String,a\"b,0,Good,live\n" +
                "\n" + "A,0,,Int16,40000,0,Good,live\n" + good + "A,0,,String,\"open,0,Good,live\n");
    const std::vector<std::string> expected{
        "",
        "3: source time: ",
        "4: value: '1.5x'",
        "5: type: 'Real'",
        "6: value: expected true or false",
        "7: value: type Null has none",
        "8: type: values of type Double[] can be exported, but not imported",
        "9: status code: ",
        "10: tag: ",
        "11: 5 columns instead of 8",
        "12: a quotation mark",
        "14: value: '40000'",
        "",
        "16: a quoted text does not end"};
    ASSERT_EQ(lines.size(), expected.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        EXPECT_EQ(lines[i].substr(0, expected[i].size()), expected[i]) << lines[i];
}

TEST(RecordCsv, RefusesWhatIsNoSuchTable) {
    for (const char* text : {"", "tag,value\nA,1\n", "\xEF\xBB\xBF", "\"tag"}) {
        const auto lines = readAll(text);
        ASSERT_EQ(lines.size(), 1U) << text;
        EXPECT_EQ(lines[0].substr(0, 3), "1: ");
    }
}

}  // namespace
}  // namespace tagwire::history
