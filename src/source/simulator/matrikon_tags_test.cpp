#include "source/simulator/matrikon_tags.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "source/simulator/qualities.h"
#include "source/simulator/scan_testing.h"

namespace tagwire::source::simulator {
namespace {

std::set<std::string> leavesOf(const TestScans& scans, const std::string& branch) {
    std::set<std::string> leaves;
    for (const TagInfo& tag : scans.tags()) {
        const std::string& path = tag.path.text();
        if (path.starts_with(branch + '.')) leaves.insert(path.substr(branch.size() + 1));
    }
    return leaves;
}

const std::set<std::string> kAll{"ArrayOfReal8", "ArrayOfString", "Boolean", "Int1",  "Int2",
                                 "Int4",         "Money",         "Real4",   "Real8", "String",
                                 "Time",         "UInt1",         "UInt2",   "UInt4"};

TEST(MatrikonTagsTest, HasTheLeavesOfEveryBranch) {
    MatrikonTags set(1);
    const TestScans scans(set);
    std::set<std::string> random = kAll;
    random.insert({"Int8", "UInt8", "Qualities"});
    const std::set<std::string> numbers{"Int1", "Int2", "Int4", "Real4", "Real8", "UInt1", "UInt2", "UInt4"};
    std::set<std::string> waves = numbers;
    waves.insert("Money");
    std::set<std::string> square = numbers;
    square.insert("Boolean");

    EXPECT_EQ(leavesOf(scans, "Bucket Brigade"), kAll);
    EXPECT_EQ(leavesOf(scans, "Random"), random);
    EXPECT_EQ(leavesOf(scans, "Read Error"), kAll);
    EXPECT_EQ(leavesOf(scans, "Write Error"), kAll);
    EXPECT_EQ(leavesOf(scans, "Write Only"), kAll);
    EXPECT_EQ(leavesOf(scans, "Saw-toothed Waves"), waves);
    EXPECT_EQ(leavesOf(scans, "Triangle Waves"), waves);
    EXPECT_EQ(leavesOf(scans, "Square Waves"), square);
    EXPECT_EQ(scans.tag("#MonitorACLFile").type, BuiltInType::Boolean);
    EXPECT_EQ(scans.tag("@ClientCount").type, BuiltInType::UInt32);
    EXPECT_EQ(scans.tag("@Clients").type, BuiltInType::String);
    EXPECT_EQ(scans.tags().size(), 5 * kAll.size() + 33);
}

TEST(MatrikonTagsTest, TypesFollowTheNames) {
    MatrikonTags set(1);
    const TestScans scans(set);
    const std::map<std::string, BuiltInType> types{
        {"Boolean", BuiltInType::Boolean}, {"Int1", BuiltInType::SByte},   {"Int2", BuiltInType::Int16},
        {"Int4", BuiltInType::Int32},      {"Int8", BuiltInType::Int64},   {"UInt1", BuiltInType::Byte},
        {"UInt2", BuiltInType::UInt16},    {"UInt4", BuiltInType::UInt32}, {"UInt8", BuiltInType::UInt64},
        {"Real4", BuiltInType::Float},     {"Real8", BuiltInType::Double}, {"Money", BuiltInType::String},
        {"String", BuiltInType::String},   {"Time", BuiltInType::DateTime}};
    for (const auto& [leaf, type] : types) EXPECT_EQ(scans.tag("Random." + leaf).type, type) << leaf;
    EXPECT_EQ(scans.tag("Random.ArrayOfReal8").dimensions, std::vector<std::uint32_t>{0});
    EXPECT_TRUE(scans.tag("Random.Int1").dimensions.empty());
}

TEST(MatrikonTagsTest, EveryValueHasTheDeclaredTypeAndLiesInTheDeclaredRange) {
    MatrikonTags set(42);
    TestScans scans(set);
    for (int scan = 0; scan < 1000; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            const TagInfo& tag = scans.tags()[update.tag.index()];
            const Value& value = update.value.value;
            if (value.isNull()) {
                EXPECT_TRUE(update.value.status.isBad()) << tag.path.text();
                continue;
            }
            ASSERT_EQ(value.type(), tag.type) << tag.path.text();
            ASSERT_EQ(value.isArray(), !tag.dimensions.empty()) << tag.path.text();
            if (tag.range) {
                ASSERT_GE(value.toDouble(), tag.range->low) << tag.path.text();
                ASSERT_LE(value.toDouble(), tag.range->high) << tag.path.text();
            }
        }
    }
}

TEST(MatrikonTagsTest, RandomChangesAtEachScanAndUsesItsRange) {
    MatrikonTags set(1);
    TestScans scans(set);
    (void)scans.next();
    int changes = 0;
    double low = 1e9;
    double high = -1e9;
    const auto tag = static_cast<std::uint32_t>(&scans.tag("Random.Int1") - scans.tags().data());
    for (int scan = 0; scan < 1000; ++scan) {
        for (const TagUpdate& update : scans.next()) {
            if (update.tag.value() != tag) continue;
            ++changes;
            low = std::min(low, update.value.value.toDouble());
            high = std::max(high, update.value.value.toDouble());
        }
    }
    EXPECT_GT(changes, 980);  // the same number twice in a row is no change: once in 256
    EXPECT_LT(low, -120);
    EXPECT_GT(high, 120);
}

TEST(MatrikonTagsTest, QualitiesShowsEveryQualityWithItsStatus) {
    MatrikonTags set(1);
    TestScans scans(set);
    std::set<std::uint32_t> seen;
    for (int scan = 0; scan < 500; ++scan) {
        (void)scans.next();
        const DataValue& value = scans.value("Random.Qualities");
        const auto* quality = value.value.getIf<std::uint16_t>();
        ASSERT_NE(quality, nullptr);
        for (const DaQuality& known : kDaQualities) {
            if (known.quality == *quality) {
                EXPECT_EQ(value.status, known.status);
            }
        }
        seen.insert(value.status.code());
    }
    EXPECT_EQ(seen.size(), kDaQualities.size());
}

TEST(MatrikonTagsTest, ErrorBranchesSayWhy) {
    MatrikonTags set(1);
    TestScans scans(set);
    (void)scans.next();
    for (const std::string& leaf : kAll) {
        EXPECT_EQ(scans.value("Read Error." + leaf).status, kBadDeviceFailure);
        EXPECT_EQ(scans.value("Write Only." + leaf).status, kBadNotReadable);
        EXPECT_TRUE(scans.value("Write Error." + leaf).status.isGood());
        EXPECT_TRUE(scans.value("Bucket Brigade." + leaf).status.isGood());
    }
    EXPECT_EQ(scans.tag("Write Only.Int1").access, Access::Write);
    EXPECT_EQ(scans.tag("Bucket Brigade.Int4").access, Access::ReadWrite);
    EXPECT_EQ(scans.tag("Random.Int1").access, Access::Read);
}

TEST(MatrikonTagsTest, BucketBrigadeKeepsWhatIsWritten) {
    MatrikonTags set(1);
    TestScans scans(set);
    (void)scans.next();
    const auto written = scans.write("Bucket Brigade.Int4", Value(std::int32_t{7}));
    EXPECT_TRUE(written.status.isGood());
    EXPECT_EQ(written.before, Value(std::int32_t{42}));
    EXPECT_EQ(written.readBack->value, Value(std::int32_t{7}));
    scans.run(5);
    EXPECT_EQ(scans.value("Bucket Brigade.Int4").value, Value(std::int32_t{7}));
}

TEST(MatrikonTagsTest, OtherBranchesDoAsTheirNamesSayWhenWritten) {
    MatrikonTags set(1);
    TestScans scans(set);
    (void)scans.next();
    const Value seven(std::int32_t{7});
    EXPECT_EQ(scans.write("Write Error.Int4", seven).status, kBadDeviceFailure);
    EXPECT_EQ(scans.value("Write Error.Int4").value, Value(std::int32_t{42})) << "untouched";
    const auto only = scans.write("Write Only.Int4", seven);
    EXPECT_TRUE(only.status.isGood());
    EXPECT_EQ(only.readBack->status, kBadNotReadable);
    EXPECT_NE(only.message, "");
    EXPECT_EQ(scans.write("Read Error.Int4", seven).readBack->status, kBadDeviceFailure);
    EXPECT_EQ(scans.write("Random.Int4", seven).status, kBadNotWritable);
}

TEST(MatrikonTagsTest, WavesHaveTheDocumentedShape) {
    MatrikonTags set(1);
    TestScans scans(set);
    scans.run(1 + 150);  // 15 s
    EXPECT_DOUBLE_EQ(scans.value("Saw-toothed Waves.Real4").value.toDouble(), -50);
    EXPECT_DOUBLE_EQ(scans.value("Triangle Waves.Int4").value.toDouble(), 0);
    EXPECT_DOUBLE_EQ(scans.value("Triangle Waves.UInt2").value.toDouble(), 10'000);
    EXPECT_EQ(*scans.value("Square Waves.Boolean").value.getIf<bool>(), true);
    EXPECT_EQ(*scans.value("Saw-toothed Waves.Money").value.getIf<std::string>(), "250.0000");
}

TEST(MatrikonTagsTest, SameSeedSameValues) {
    MatrikonTags one(5);
    MatrikonTags same(5);
    MatrikonTags other(6);
    TestScans a(one);
    TestScans b(same);
    TestScans c(other);
    bool differs = false;
    for (int scan = 0; scan < 50; ++scan) {
        const auto updates = a.next();
        const auto again = b.next();
        ASSERT_EQ(updates.size(), again.size());
        for (std::size_t i = 0; i < updates.size(); ++i) {
            ASSERT_EQ(updates[i].tag, again[i].tag);
            ASSERT_EQ(updates[i].value, again[i].value);
        }
        (void)c.next();
        differs = differs || a.value("Random.Int4") != c.value("Random.Int4");
    }
    EXPECT_TRUE(differs);
}

TEST(MatrikonTagsTest, ConstantsAndUnchangedStepsAreNotPublished) {
    MatrikonTags set(1);
    TestScans scans(set);
    EXPECT_EQ(scans.next().size(), scans.tags().size());
    for (int scan = 1; scan < 100; ++scan) {
        const auto updates = scans.next();
        EXPECT_LE(updates.size(), 17U + 18U) << "scan " << scan;  // random and sloping waves
        for (const TagUpdate& update : updates) {
            EXPECT_FALSE(scans.tags()[update.tag.index()].path.text().starts_with("Square Waves"));
        }
    }
}

}  // namespace
}  // namespace tagwire::source::simulator
