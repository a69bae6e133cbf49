#include "source/opcua/services/history_read.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "source/opcua/services/service_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

/// The server's pages hold 100 values.
class HistoryReadTest : public testing::Test {
protected:
    /// Values 0, 1, … a second apart from kFirst on.
    void record(int node, int count) {
        ASSERT_EQ(connected_.peer().ask(fmt::format("record {} {} {} 1000", node, dateTimeOf(kFirst), count)),
                  "Good");
    }

    std::shared_ptr<HistoryReading> begin(const HistoryQuery& query, const std::vector<std::string>& names) {
        std::vector<Ua<UA_NodeId>> nodes;
        for (const auto& name : names) nodes.push_back(connected_.node(name));
        answer_.reset();
        return readHistory(connected_.client(), connected_.info(), connected_.types(), query,
                           std::move(nodes),
                           [this](std::vector<HistoryOutcome>& outcomes) { answer_ = std::move(outcomes); });
    }
    std::vector<HistoryOutcome> read(const HistoryQuery& query, const std::vector<std::string>& names) {
        begin(query, names);
        EXPECT_TRUE(connected_.until([this] { return answer_.has_value(); }));
        return std::move(answer_).value_or(std::vector<HistoryOutcome>{});
    }
    static std::vector<double> numbers(const HistoryOutcome& outcome) {
        std::vector<double> all;
        for (const auto& value : outcome.values) all.push_back(value.value.toDouble());
        return all;
    }
    static std::vector<double> upTo(int count) {
        std::vector<double> all;
        for (int i = 0; i < count; ++i) all.push_back(i);
        return all;
    }

    static constexpr Timestamp kFirst = Timestamp{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};
    static constexpr HistoryQuery kAll{.start = kFirst, .end = kFirst + 24h};
    ServiceClient connected_{std::vector<std::string>{"services=1"}};
    std::optional<std::vector<HistoryOutcome>> answer_;
};

TEST_F(HistoryReadTest, GoesThroughAllPagesInBothDirections) {
    record(0, 350);
    const auto ascending = read(kAll, {"History.0"});
    ASSERT_EQ(ascending.size(), 1U);
    EXPECT_EQ(ascending[0].status, StatusCode{});
    EXPECT_FALSE(ascending[0].more);
    EXPECT_EQ(numbers(ascending[0]), upTo(350));
    EXPECT_EQ(ascending[0].values[7].sourceTime, kFirst + 7s);

    auto back = kAll;
    back.start = kAll.end;
    back.end = kFirst - 1s;
    auto descending = numbers(read(back, {"History.0"})[0]);
    std::ranges::reverse(descending);
    EXPECT_EQ(descending, upTo(350));
}

TEST_F(HistoryReadTest, StopsAtTheBoundsAndSaysThatThereIsMore) {
    record(0, 350);
    record(1, 350);
    auto query = kAll;
    query.maxPerNode = 150;
    auto outcomes = read(query, {"History.0"});
    EXPECT_EQ(numbers(outcomes[0]), upTo(150));
    EXPECT_TRUE(outcomes[0].more);

    query.maxPerNode = 350;
    EXPECT_FALSE(read(query, {"History.0"})[0].more) << "exactly what there is";

    query.maxPerNode = 1000;
    query.maxOverall = 250;
    outcomes = read(query, {"History.0", "History.1"});
    EXPECT_EQ(outcomes[0].values.size() + outcomes[1].values.size(), 250U);
    EXPECT_TRUE(outcomes[0].more);
    EXPECT_TRUE(outcomes[1].more);
}

TEST_F(HistoryReadTest, OneNodeWithoutHistoryDoesNotHarmTheOthers) {
    record(3, 120);
    const auto outcomes = read(kAll, {"Level", "History.3", "Nowhere", "History.4"});
    EXPECT_TRUE(outcomes[0].status.isBad());
    EXPECT_FALSE(historyAdvice(outcomes[0].status).empty());
    EXPECT_EQ(numbers(outcomes[1]), upTo(120));
    EXPECT_TRUE(outcomes[2].status.isBad());
    EXPECT_EQ(outcomes[3].status, StatusCode{});
    EXPECT_TRUE(outcomes[3].values.empty());
}

TEST_F(HistoryReadTest, StructuresComeDecoded) {
    ASSERT_EQ(connected_.peer().ask(fmt::format("record_recipes {} 250 1000", dateTimeOf(kFirst))), "Good");
    record(0, 150);
    const auto outcomes = read(kAll, {"Recipe", "History.0"});
    EXPECT_EQ(numbers(outcomes[1]), upTo(150));
    EXPECT_FALSE(outcomes[0].more);
    ASSERT_EQ(outcomes[0].values.size(), 250U);
    for (std::size_t i = 0; i < 250; ++i) {
        EXPECT_EQ(
            outcomes[0].values[i].value,
            Value(Structure{
                fmt::format(R"({{"Name":"r{}","State":2,"Origin":{{"X":3,"Y":4}},"Samples":[]}})", i), {}}));
    }
}

TEST_F(HistoryReadTest, IsCancelledWhileTypesAreBeingRead) {
    ASSERT_EQ(connected_.peer().ask(fmt::format("record_recipes {} 250 1000", dateTimeOf(kFirst))), "Good");
    const auto reading = begin(kAll, {"Recipe"});
    ASSERT_TRUE(connected_.until([this] { return !connected_.types().idle(); }));
    reading->cancel();
    // What was kept for it at the server is given back, and the connection goes on.
    EXPECT_EQ(read(kAll, {"Recipe"})[0].values.size(), 250U);
}

TEST_F(HistoryReadTest, ACancelledReadingCallsNothingAndTheConnectionGoesOn) {
    record(0, 350);
    const auto reading = begin(kAll, {"History.0"});
    reading->cancel();
    EXPECT_EQ(numbers(read({.start = kFirst, .end = kFirst + 10s}, {"History.0"})[0]).size(), 10U)
        << "the end is not part of it";
}

TEST_F(HistoryReadTest, EndsWhenTheServerIsGone) {
    connected_.peer().kill();
    EXPECT_TRUE(read(kAll, {"History.0"})[0].status.isBad());
}

TEST_F(HistoryReadTest, NothingAskedNothingAnswered) { EXPECT_TRUE(read(kAll, {}).empty()); }

}  // namespace
}  // namespace tagwire::source::opcua
