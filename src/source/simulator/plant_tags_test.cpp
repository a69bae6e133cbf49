#include "source/simulator/plant_tags.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "source/simulator/qualities.h"
#include "source/simulator/scan_testing.h"

namespace tagwire::source::simulator {
namespace {

using std::chrono::milliseconds;

TEST(PlantTagsTest, EveryTagIsDescribedInBothLanguages) {
    PlantTags set(1, kScan);
    const TestScans scans(set);
    EXPECT_GE(scans.tags().size(), 60U);
    std::set<std::string> paths;
    for (const TagInfo& tag : scans.tags()) {
        EXPECT_TRUE(paths.insert(tag.path.text()).second) << tag.path.text();
        EXPECT_TRUE(tag.path.text().starts_with("Plant.Unit"));
        EXPECT_FALSE(tag.description.at("en").empty()) << tag.path.text();
        EXPECT_FALSE(tag.description.at("zh").empty()) << tag.path.text();
        EXPECT_TRUE(tag.simulated);
        if (tag.type == BuiltInType::Double) {
            ASSERT_TRUE(tag.units && tag.range && tag.decimals) << tag.path.text();
            EXPECT_NE(tag.units->unitId, -1) << tag.units->symbol;
            EXPECT_LT(tag.range->low, tag.range->high);
        } else {
            EXPECT_GE(tag.enumLabels.size(), 2U) << tag.path.text();
        }
    }
}

TEST(PlantTagsTest, UnitsCarryTheCodesOfOpcUa) {
    PlantTags set(1, kScan);
    const TestScans scans(set);
    EXPECT_EQ(scans.tag("Plant.Unit100.TI-101").units->unitId, 4408652);  // CEL
    EXPECT_EQ(scans.tag("Plant.Unit100.PI-102").units->unitId, 4342098);  // BAR
}

TEST(PlantTagsTest, LimitsRiseAndLieInTheRange) {
    PlantTags set(1, kScan);
    const TestScans scans(set);
    for (const TagInfo& tag : scans.tags()) {
        if (tag.limits.empty()) continue;
        double previous = tag.range->low;
        for (const auto& limit : {tag.limits.lowLow, tag.limits.low, tag.limits.high, tag.limits.highHigh}) {
            if (!limit) continue;
            EXPECT_GT(*limit, previous) << tag.path.text();
            previous = *limit;
        }
        EXPECT_LT(previous, tag.range->high) << tag.path.text();
    }
}

TEST(PlantTagsTest, ReadingsKeepTypeRangeResolutionAndLabels) {
    PlantTags set(1, kScan);
    TestScans scans(set);
    for (int scan = 0; scan < 20'000; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            const TagInfo& tag = scans.tags()[update.tag.index()];
            const Value& value = update.value.value;
            ASSERT_EQ(value.type(), tag.type) << tag.path.text();
            const double number = value.toDouble();
            if (tag.type == BuiltInType::Double) {
                const double span = tag.range->high - tag.range->low;
                ASSERT_GE(number, tag.range->low) << tag.path.text();
                ASSERT_LE(number, tag.range->high + 0.031 * span) << tag.path.text();
                const double steps = number * std::pow(10, *tag.decimals);
                ASSERT_NEAR(steps, std::round(steps), 1e-4) << tag.path.text();
            } else {
                ASSERT_TRUE(tag.enumLabels.contains(static_cast<std::int64_t>(number))) << tag.path.text();
            }
        }
    }
}

TEST(PlantTagsTest, LooksAliveAndPublishesChangesOnly) {
    PlantTags set(1, kScan);
    TestScans scans(set);
    EXPECT_EQ(scans.next().size(), scans.tags().size());
    std::map<TagId, int> changes;
    std::size_t all = 0;
    constexpr int kSeconds = 60;
    for (int scan = 0; scan < kSeconds * 10; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            ++changes[update.tag];
            ++all;
        }
    }
    EXPECT_GT(changes.size(), 40U);
    EXPECT_LT(all, scans.tags().size() * kSeconds * 2);
    for (const auto& [tag, count] : changes) EXPECT_LE(count, kSeconds * 2 + 1);
}

TEST(PlantTagsTest, ASensorFailsAndRecovers) {
    PlantTags set(1, kScan);
    TestScans scans(set);
    std::set<std::uint32_t> statuses;
    bool bad = false;
    int recovered = 0;
    for (int scan = 0; scan < 36'000; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            statuses.insert(update.value.status.code());
            EXPECT_FALSE(update.value.value.isNull()) << "a faulty sensor keeps its last value";
        }
        const bool badNow = scans.value("Plant.Unit100.LI-102").status == kBadCommunicationError;
        recovered += bad && !badNow ? 1 : 0;
        bad = badNow;
    }
    EXPECT_GE(recovered, 1);
    EXPECT_TRUE(statuses.contains(kUncertainLastUsableValue.code()));
    EXPECT_TRUE(statuses.contains(kUncertainSensorNotAccurate.code()));
    EXPECT_TRUE(statuses.contains(kBadSensorFailure.code()));
    EXPECT_TRUE(statuses.contains(kGoodLocalOverride.code()));
}

TEST(PlantTagsTest, SameSeedSameValues) {
    PlantTags one(5, kScan);
    PlantTags same(5, kScan);
    PlantTags other(6, kScan);
    TestScans a(one);
    TestScans b(same);
    TestScans c(other);
    int different = 0;
    for (int scan = 0; scan < 3000; ++scan) {
        const auto updates = a.next();
        const auto again = b.next();
        ASSERT_EQ(updates.size(), again.size()) << scan;
        for (std::size_t i = 0; i < updates.size(); ++i) {
            ASSERT_EQ(updates[i].tag, again[i].tag);
            ASSERT_EQ(updates[i].value, again[i].value);
        }
        (void)c.next();
        different += a.value("Plant.Unit100.FIC-101.PV") != c.value("Plant.Unit100.FIC-101.PV") ? 1 : 0;
    }
    EXPECT_GT(different, 1000);
}

TEST(PlantTagsTest, WorksAtASlowScan) {
    PlantTags set(1, milliseconds{60'000});
    TestScans scans(set, milliseconds{60'000});
    scans.run(60);
    const double level = scans.value("Plant.Unit200.LIC-206.PV").value.toDouble();
    EXPECT_GT(level, 30);
    EXPECT_LT(level, 90);
}

TEST(PlantTagsTest, AControllerTakesItsSetpoint) {
    PlantTags set(1, std::chrono::milliseconds{100});
    TestScans scans(set);
    (void)scans.next();
    const std::string setpoint = "Plant.Unit200.TIC-203.SP";
    EXPECT_EQ(scans.tag(setpoint).access, Access::ReadWrite);
    const auto written = scans.write(setpoint, Value(80.0));
    EXPECT_EQ(written.status, StatusCode{});
    EXPECT_EQ(written.before, Value(85.0));
    EXPECT_EQ(written.readBack->value, Value(80.0));
    scans.run(50);
    EXPECT_EQ(scans.value(setpoint).value, Value(80.0));

    const auto tooHigh = scans.write(setpoint, Value(1000.0));
    EXPECT_EQ(tooHigh.status, kGoodClamped);
    EXPECT_EQ(tooHigh.readBack->value, Value(150.0));
}

TEST(PlantTagsTest, OthersThanLocalSetpointsAreReadOnly) {
    PlantTags set(1, std::chrono::milliseconds{100});
    TestScans scans(set);
    (void)scans.next();
    for (const std::string path :
         {"Plant.Unit100.FIC-101.SP", "Plant.Unit100.TI-101", "Plant.Unit100.P-101.State"}) {
        EXPECT_EQ(scans.tag(path).access, Access::Read) << path;
        EXPECT_EQ(scans.write(path, Value(1.0)).status, kBadNotWritable) << path;
    }
}

}  // namespace
}  // namespace tagwire::source::simulator
