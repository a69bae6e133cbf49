// What changed during an outage comes from the server's history: all of it, once, in time order.
#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "source/opcua/source_testing.h"
#include "source/opcua/testing/tcp_proxy_testing.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

const std::string kTag = "Line.History.0";
constexpr int kRecorded = 250;

class HistoryFillTest : public OpcUaSourceTest {
protected:
    static OpcUaOptions withHistory() {
        OpcUaOptions with = options(kOtherPort);
        with.tags = {plantTag("History.0"), plantTag("Level")};
        return with;
    }

    /// Live, with a first value, and known to have a history.
    void begin(OpcUaOptions with) {
        start(std::move(with));
        awaitLive();
        ASSERT_EQ(peer_.ask("set History.0 1000"), "Good");
        ASSERT_TRUE(sink_.awaitNumber(kTag, 1000, kPatience));
        ASSERT_TRUE(sink_.await(kPatience, [&] {
            const auto info = sink_.infoUnlocked(kTag);
            return info && info->access == Access::ReadWrite;  // which its metadata say
        }));
        sink_.record(kTag);
    }

    /// Away for `length`, while the server's history goes on: with `record FIRST COUNT STEP`.
    void beAway(std::chrono::milliseconds length, std::string_view record = "record 0") {
        proxy_.refuse(true);
        proxy_.cut();
        ASSERT_TRUE(
            sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
        ASSERT_EQ(peer_.ask(fmt::format("{} {} {} 1", record, dateTimeOf(wallClockNow()), kRecorded)),
                  "Good");
        std::this_thread::sleep_for(length);
        proxy_.refuse(false);
        awaitLive();
    }

    [[nodiscard]] double count(std::string_view name) const {
        const auto diagnostics = source_->diagnostics();
        if (!diagnostics) return -1;
        const auto found = std::ranges::find(diagnostics->counts, name, &SourceCount::name);
        return found == diagnostics->counts.end() ? -1 : found->value;
    }
    [[nodiscard]] bool awaitCount(std::string_view name, double least) {
        for (int i = 0; i < 250 && count(name) < least; ++i) std::this_thread::sleep_for(20ms);
        return count(name) >= least;
    }

    /// Good values since the outage began, without those that only say that 1000 is Good again.
    [[nodiscard]] std::vector<double> numbers() const {
        std::vector<double> out;
        for (const DataValue& value : sink_.history()) {
            if (value.status.isGood() && value.value.toDouble() != 1000)
                out.push_back(value.value.toDouble());
        }
        return out;
    }
    void expectAllOnce() {
        ASSERT_EQ(peer_.ask("set History.0 2000"), "Good");
        ASSERT_TRUE(sink_.awaitNumber(kTag, 2000, kPatience));
        std::vector<double> wanted;
        for (int i = 0; i < kRecorded; ++i) wanted.push_back(i);
        wanted.push_back(2000);
        EXPECT_EQ(numbers(), wanted);
        auto all = sink_.history();
        std::erase_if(all, [](const DataValue& value) { return value.value.toDouble() == 1000; });
        EXPECT_TRUE(std::ranges::is_sorted(all, {}, &DataValue::sourceTime));
        EXPECT_TRUE(std::ranges::none_of(all, [](const auto& value) { return value.status.hasOverflow(); }));
    }

    PeerProcess peer_{kPort, {"services=1"}};
    TcpProxy proxy_{kOtherPort, kPort};
};

TEST_F(HistoryFillTest, FillsWhatASessionThatWentOnHasMissed) {
    begin(withHistory());
    beAway(300ms);
    ASSERT_TRUE(awaitCount("source_history_gaps_filled_total", 1));
    EXPECT_EQ(count("source_history_values_total"), kRecorded);
    EXPECT_EQ(count("source_history_gaps_incomplete_total"), 0);
    EXPECT_EQ(count("source_sessions_resumed_total"), 1);
    expectAllOnce();
}

TEST_F(HistoryFillTest, FillsAnOutageThatTheSessionDidNotSurvive) {
    OpcUaOptions with = withHistory();
    with.sessionTimeout = 1s;
    with.lifetimeCount = 30;
    begin(std::move(with));
    beAway(4s);
    ASSERT_TRUE(awaitCount("source_history_gaps_filled_total", 1));
    EXPECT_EQ(count("source_sessions_resumed_total"), 0);
    expectAllOnce();
}

TEST_F(HistoryFillTest, StructuresComeDecoded) {
    const std::string tag = "Line.Recipe";
    OpcUaOptions with = options(kOtherPort);
    with.tags = {plantTag("Recipe")};
    start(std::move(with));
    awaitLive();
    const auto latestIs = [&](std::string_view json) {
        return sink_.await(kPatience, [&] {
            const DataValue* value = sink_.latest(tag);
            const auto* structure = value == nullptr ? nullptr : value->value.getIf<Structure>();
            return structure != nullptr && structure->json.starts_with(json) &&
                   sink_.infoUnlocked(tag)->access == Access::ReadWrite;
        });
    };
    ASSERT_TRUE(latestIs(R"({"Name":"first")"));
    Timestamp before;
    ASSERT_TRUE(sink_.await(0ms, [&] {
        before = sink_.latest(tag)->sourceTime;
        return true;
    }));
    sink_.record(tag);
    // The types are those of the connection: the next one reads them anew, while the history waits.
    beAway(300ms, "record_recipes");
    ASSERT_TRUE(awaitCount("source_history_gaps_filled_total", 1));
    EXPECT_EQ(count("source_history_values_total"), kRecorded);
    ASSERT_EQ(peer_.ask("recipe last"), "Good");
    ASSERT_TRUE(latestIs(R"({"Name":"last")"));
    std::vector<std::string> got;
    for (const DataValue& value : sink_.history()) {
        const auto* structure = value.value.getIf<Structure>();
        if (!value.status.isGood() || structure == nullptr) continue;
        // The present value, which comes at once and again with its type, is that of before.
        if (value.sourceTime != before) got.push_back(structure->json);
    }
    std::vector<std::string> wanted;
    const auto add = [&](const std::string& name) {
        wanted.push_back(
            fmt::format(R"({{"Name":"{}","State":2,"Origin":{{"X":3,"Y":4}},"Samples":[]}})", name));
    };
    for (int i = 0; i < kRecorded; ++i) add(fmt::format("r{}", i));
    add("last");
    EXPECT_EQ(got, wanted);
}

TEST_F(HistoryFillTest, MoreThanIsWantedIsMarkedAsMissing) {
    OpcUaOptions with = withHistory();
    with.history.valuesPerTag = 100;
    begin(std::move(with));
    beAway(300ms);
    ASSERT_TRUE(awaitCount("source_history_gaps_incomplete_total", 1));
    ASSERT_EQ(peer_.ask("set History.0 2000"), "Good");
    ASSERT_TRUE(sink_.awaitNumber(kTag, 2000, kPatience));
    const auto got = numbers();
    EXPECT_GE(got.size(), 100U);
    EXPECT_LE(got.size(), 102U);
    const auto all = sink_.history();
    EXPECT_EQ(std::ranges::count_if(all, [](const auto& value) { return value.status.hasOverflow(); }), 1);
}

TEST_F(HistoryFillTest, LiveValuesDoNotWaitForLongerThanTheyMay) {
    OpcUaOptions with = withHistory();
    with.history.longestWait = 0ms;
    begin(std::move(with));
    beAway(300ms);
    EXPECT_TRUE(awaitCount("source_history_gaps_incomplete_total", 1));
    ASSERT_EQ(peer_.ask("set History.0 2000"), "Good");
    ASSERT_TRUE(sink_.awaitNumber(kTag, 2000, kPatience));
    EXPECT_EQ(numbers(), std::vector<double>{2000});
    EXPECT_TRUE(
        std::ranges::any_of(sink_.history(), [](const auto& value) { return value.status.hasOverflow(); }));
}

TEST_F(HistoryFillTest, IsLeftOutWhereItIsNotWanted) {
    OpcUaOptions with = withHistory();
    with.history.fillGaps = false;
    begin(std::move(with));
    beAway(300ms);
    ASSERT_EQ(peer_.ask("set History.0 2000"), "Good");
    ASSERT_TRUE(sink_.awaitNumber(kTag, 2000, kPatience));
    EXPECT_EQ(numbers(), std::vector<double>{2000});
}

TEST_F(HistoryFillTest, AConnectionThatBreaksMeanwhileLeavesItToTheNext) {
    begin(withHistory());
    proxy_.refuse(true);
    proxy_.cut();
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    ASSERT_EQ(peer_.ask(fmt::format("record 0 {} {} 1", dateTimeOf(wallClockNow()), kRecorded)), "Good");
    for (int round = 0; round < 2; ++round) {
        proxy_.refuse(false);
        awaitLive();
        proxy_.cut();  // as soon as it is live: the history is being read
        ASSERT_TRUE(
            sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    }
    awaitLive();
    ASSERT_TRUE(awaitCount("source_history_gaps_filled_total", 1));
    expectAllOnce();
}

}  // namespace
}  // namespace tagwire::source::opcua
