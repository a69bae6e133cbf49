#include "source/simulator/load_tags.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "source/simulator/scan_testing.h"

namespace tagwire::source::simulator {
namespace {

std::set<std::int64_t> valuesOf(const std::map<TagId, std::int64_t>& tags) {
    std::set<std::int64_t> values;
    for (const auto& [tag, value] : tags) values.insert(value);
    return values;
}

TEST(LoadTagsTest, AreNumberedFromOne) {
    LoadTags set(1, 12, 1);
    const TestScans scans(set);
    ASSERT_EQ(scans.tags().size(), 12U);
    EXPECT_EQ(scans.tags().front().path.text(), "Load.T000001");
    EXPECT_EQ(scans.tags().back().path.text(), "Load.T000012");
    EXPECT_EQ(scans.tags().front().type, BuiltInType::Double);
    EXPECT_TRUE(scans.tags().front().simulated);
}

TEST(LoadTagsTest, FirstScanGivesEveryTagAValue) {
    LoadTags set(1, 1000, 0.5);
    TestScans scans(set);
    EXPECT_EQ(scans.next().size(), 1000U);
}

TEST(LoadTagsTest, EveryTagChangesAtTheRateAndTheLoadIsEven) {
    constexpr std::size_t kTags = 1000;
    LoadTags set(1, kTags, 2);  // 2000 changes a second: 200 a scan
    TestScans scans(set);
    (void)scans.next();
    std::map<TagId, int> changes;
    for (int scan = 0; scan < 100; ++scan) {
        const auto updates = scans.next();
        EXPECT_NEAR(static_cast<double>(updates.size()), 200, 1) << "scan " << scan;
        for (const TagUpdate& update : updates) ++changes[update.tag];
    }
    ASSERT_EQ(changes.size(), kTags);
    for (const auto& [tag, count] : changes) EXPECT_EQ(count, 20) << "tag " << tag.value();
}

TEST(LoadTagsTest, ARateThatDoesNotFitTheScanIsKeptOnAverage) {
    LoadTags set(1, 7, 0.3);
    TestScans scans(set, std::chrono::milliseconds{90});
    (void)scans.next();
    std::size_t changes = 0;
    for (int scan = 0; scan < 10'000; ++scan) changes += scans.next().size();
    EXPECT_EQ(changes, 1890U);  // 900 s × 0.3 Hz × 7
}

TEST(LoadTagsTest, ValuesStayInTheRange) {
    LoadTags set(7, 50, 10);
    TestScans scans(set);
    for (int scan = 0; scan < 500; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            EXPECT_GE(update.value.value.toDouble(), 0);
            EXPECT_LE(update.value.value.toDouble(), 100);
        }
    }
}

TEST(LoadTagsTest, ValuesCountTheChangesOfTheirTag) {
    LoadTags set(7, 50, 10);
    TestScans scans(set);
    std::map<TagId, std::int64_t> last;
    bool wrapped = false;
    for (int scan = 0; scan < 12'000; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            const std::int64_t now = std::llround(update.value.value.toDouble() * 100);
            const auto [known, isNew] = last.try_emplace(update.tag, now);
            if (isNew) continue;
            ASSERT_EQ(now, (known->second + 1) % static_cast<std::int64_t>(kLoadValues));
            wrapped = wrapped || now == 0;
            known->second = now;
        }
    }
    EXPECT_TRUE(wrapped);
    EXPECT_GT(valuesOf(last).size(), 40U) << "tags begin at different values";
}

TEST(LoadTagsTest, AtOneChangeAScanAllChangeTogether) {
    LoadTags set(1, 100, 2);
    TestScans scans(set, std::chrono::milliseconds{500});
    for (int scan = 0; scan < 100; ++scan) EXPECT_EQ(scans.next().size(), 100U) << "scan " << scan;
}

}  // namespace
}  // namespace tagwire::source::simulator
