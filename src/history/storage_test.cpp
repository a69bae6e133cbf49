#include "history/storage.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/merge.h"
#include "history/samples_testing.h"
#include "history/series_scan.h"
#include "history/storage_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Timestamp kBegin{Ticks{0}};
constexpr Timestamp kEnd = kTestStart + std::chrono::hours{24 * 3650};

std::string text(const std::vector<HistorySample>& samples, std::size_t at) {
    if (at >= samples.size()) return "none";
    const auto& value = samples[at].value;
    return fmt::format("{} ticks, {}, {}", (value.sourceTime - kTestStart).count(), value.value.toDouble(),
                       statusText(value.status));
}

/// Empty when there is none.
std::string firstDifference(const std::vector<HistorySample>& a, const std::vector<HistorySample>& b) {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const bool same = i < a.size() && i < b.size() && bits(a[i]) == bits(b[i]);
        if (!same) return fmt::format("{}: {} instead of {}", i, text(a, i), text(b, i));
    }
    return {};
}

class StorageTest : public testing::Test {
protected:
    void SetUp() override { open(); }

    void open(StorageLimits limits = {}) {
        storage_.reset();
        storage_.emplace(folder_.path(), limits);
        ASSERT_TRUE(storage_->open(now_)) << storage_->problem();
    }
    std::vector<HistorySample> samples(const std::string& tag) {
        QueryRunner runner(folder_.path());
        return allSamples(*storage_, runner, path(tag), kBegin, kEnd, 1000).samples;
    }
    void append(const std::string& tag, const std::vector<HistorySample>& list) {
        for (const auto& sample : list) ASSERT_TRUE(storage_->append(storage_->seriesOf(path(tag)), sample));
    }
    void packAll() {
        now_ += seconds{10};
        while (storage_->maintain(now_)) {
        }
    }
    void overwrite(const std::filesystem::path& file, std::uint64_t at, const std::string& bytes) {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(static_cast<std::streamoff>(at));
        stream << bytes;
        ASSERT_TRUE(stream.good());
    }

    TestFolder folder_;
    /// Before the samples, so that stops do not lie among them unless a test wants it.
    Timestamp now_ = kTestStart - std::chrono::hours{1};
    std::optional<Storage> storage_;
};

TEST_F(StorageTest, WhatIsNotDurableYetIsInTheAnswers) {
    const auto list = plantSamples(5);
    append("A", list);
    EXPECT_EQ(bits(samples("A")), bits(list));
}

TEST_F(StorageTest, WhatWasCommittedIsThereAfterACrash) {
    now_ = kTestStart + seconds{10};
    const auto list = plantSamples(5);
    append("A", list);
    ASSERT_TRUE(storage_->commit(now_));
    append("A", {sampleAt(seconds{100}, Value(1.0))});
    open();  // without end()
    ASSERT_TRUE(storage_->lastStop());
    EXPECT_EQ(storage_->lastStop()->status, kBadDataLost);
    auto expected = list;
    expected.push_back(stopSample({now_, kBadDataLost}));
    EXPECT_EQ(bits(samples("A")), bits(expected));
}

TEST_F(StorageTest, AnOrderlyEndIsBadShutdownForEveryTagThatHadAValue) {
    append("A", {sampleAt(seconds{1}, Value(1.0))});
    append("B", {sampleAt(seconds{1}, Value(2.0), kBadNoCommunication)});
    now_ = kTestStart + seconds{20};
    ASSERT_TRUE(storage_->end(now_));
    open();
    const auto a = samples("A");
    ASSERT_EQ(a.size(), 2U);
    EXPECT_EQ(a[1].value.status, kBadShutdown);
    EXPECT_EQ(a[1].value.sourceTime, now_);
    EXPECT_TRUE(a[1].value.value.isNull());
    EXPECT_EQ(samples("B").size(), 1U);
}

TEST_F(StorageTest, FullChunksGoToTheDatabaseAndNothingComesTwice) {
    const auto list = plantSamples(3000);
    append("A", list);
    ASSERT_TRUE(storage_->commit(now_));
    packAll();
    EXPECT_TRUE(storage_->head(storage_->seriesOf(path("A"))).log.empty());
    EXPECT_EQ(bits(samples("A")), bits(list));
    open();  // the journal still has them
    EXPECT_EQ(bits(samples("A")), bits(list));
}

TEST_F(StorageTest, ASweepEmptiesTheJournal) {
    StorageLimits limits;
    limits.sweepBytes = 1000;
    open(limits);
    for (int round = 0; round < 20; ++round) {
        for (const char* tag : {"A", "B", "C"}) {
            for (int i = 0; i < 40; ++i) append(tag, {sampleAt(seconds{round * 40 + i}, Value(i))});
        }
        ASSERT_TRUE(storage_->commit(now_));
        packAll();
    }
    EXPECT_LT(storage_->journalBytes(), 4000U);
    EXPECT_EQ(journalFiles(folder_.path()).size(), 1U);
    EXPECT_EQ(samples("B").size(), 800U);
}

TEST_F(StorageTest, SmallChunksAreJoined) {
    StorageLimits limits;
    limits.sweepBytes = 100;
    open(limits);
    for (int round = 0; round < 60; ++round) {
        for (int i = 0; i < 50; ++i) append("A", {sampleAt(seconds{round * 50 + i}, Value(i * 0.5))});
        ASSERT_TRUE(storage_->commit(now_));
        packAll();
    }
    auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::Read);
    ASSERT_TRUE(database);
    EXPECT_LT(database->number("SELECT count(*) FROM chunk").value(), 30);
    EXPECT_EQ(samples("A").size(), 3000U);
}

TEST_F(StorageTest, LateSamplesComeInTheirOrderAndOnce) {
    auto list = plantSamples(2000);
    std::vector<HistorySample> late;
    for (std::size_t i = 100; i < 1500; i += 100) {
        late.push_back(list[i]);
        late.back().origin = SampleOrigin::Backfill;
    }
    auto onTime = list;
    std::erase_if(onTime, [&](const auto& s) {
        return std::ranges::any_of(late, [&](const auto& l) { return l.value == s.value; });
    });
    append("A", onTime);
    ASSERT_TRUE(storage_->commit(now_));
    packAll();
    append("A", late);
    append("A", late);  // twice
    ASSERT_TRUE(storage_->commit(now_));
    const auto read = samples("A");
    ASSERT_EQ(read.size(), list.size());
    for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i].value, list[i].value);
    EXPECT_EQ(read[100].origin, SampleOrigin::Backfill);
}

TEST_F(StorageTest, WhatIsTooOldIsRemoved) {
    StorageLimits limits;
    limits.keep = std::chrono::hours{1};
    open(limits);
    append("A", plantSamples(3000));
    ASSERT_TRUE(storage_->commit(now_));
    packAll();
    now_ = kTestStart + std::chrono::hours{5};
    while (storage_->maintain(now_)) {
    }
    EXPECT_TRUE(samples("A").empty());
}

TEST_F(StorageTest, TheOldestGoesWhenThereIsTooMuch) {
    StorageLimits limits;
    limits.maxBytes = 400'000;
    open(limits);
    std::mt19937_64 random(1);
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 20 * 1024; ++i) {
            const auto time = milliseconds{(round * 20 * 1024 + i) * 10};
            append("A", {sampleAt(time, Value(std::bit_cast<double>(random())))});
        }
        ASSERT_TRUE(storage_->commit(now_));
        now_ += seconds{100};
        while (storage_->maintain(now_)) {
        }
    }
    EXPECT_LE(storage_->archiveBytes(), 400'000);
    const auto read = samples("A");
    EXPECT_FALSE(read.empty());
    EXPECT_GT(read.front().value.sourceTime, kTestStart);
}

TEST_F(StorageTest, AGarbledDatabaseIsSetAsideAndTheJournalIsKept) {
    const auto list = plantSamples(10);
    append("A", list);
    ASSERT_TRUE(storage_->commit(now_));
    storage_.reset();
    overwrite(folder_.path() / kArchiveFile, 0, std::string(200, 'x'));
    open();
    EXPECT_GE(samples("A").size(), list.size());
    std::ptrdiff_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        kept += entry.path().string().find("history.db.damaged-") != std::string::npos ? 1 : 0;
    EXPECT_GE(kept, 1);
}

TEST_F(StorageTest, ATornCommitIsLeftOutAndAGarbledOneIsKeptAside) {
    append("A", {sampleAt(seconds{1}, Value(1.0))});
    ASSERT_TRUE(storage_->commit(now_));
    append("A", {sampleAt(seconds{2}, Value(2.0))});
    ASSERT_TRUE(storage_->commit(now_));
    storage_.reset();
    const auto file = journalFiles(folder_.path()).front();
    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, size - 3);
    open();
    ASSERT_GE(samples("A").size(), 1U);
    EXPECT_EQ(samples("A")[0].value.value, Value(1.0));
    storage_.reset();
    const auto asides = [&] {
        return std::ranges::count_if(
            std::filesystem::directory_iterator(folder_.path()), [](const auto& entry) {
                return entry.path().string().find(".log.damaged-") != std::string::npos;
            });
    };
    EXPECT_EQ(asides(), 0);
    overwrite(file, 20, "garbled");
    open();
    EXPECT_EQ(asides(), 1);
}

TEST_F(StorageTest, ADatabaseOfVersion1IsReadAndBecomesVersion3) {
    const auto list = plantSamples(3000);
    append("A", list);
    ASSERT_TRUE(storage_->commit(now_));
    packAll();
    storage_.reset();
    {
        auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->run(
            "DROP INDEX chunk_summaries; CREATE INDEX chunk_of_series ON chunk(series, last, first);"
            "DROP INDEX chunk_by_commit; ALTER TABLE chunk DROP COLUMN through; DROP TABLE record;"
            "PRAGMA user_version=1;"));
        EXPECT_TRUE(ArchiveReader::open(folder_.path()));
    }
    open();
    EXPECT_GE(samples("A").size(), list.size());
    auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::Read);
    ASSERT_TRUE(database);
    EXPECT_EQ(database->number("PRAGMA user_version").value(), 3);
    EXPECT_EQ(database->number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'chunk_%'").value(), 3);
    EXPECT_EQ(database->number("SELECT count(*) FROM chunk WHERE through<>0").value(), 0);
}

TEST_F(StorageTest, ADatabaseOfVersion2IsReadAndBecomesVersion3) {
    const auto list = plantSamples(3000);
    append("A", list);
    ASSERT_TRUE(storage_->commit(now_));
    packAll();
    storage_.reset();
    {
        auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        EXPECT_GT(database->number("SELECT min(through) FROM chunk").value(), 0);
        ASSERT_TRUE(database->run(
            "DROP INDEX chunk_by_commit; ALTER TABLE chunk DROP COLUMN through; DROP TABLE record;"
            "PRAGMA user_version=2;"));
        EXPECT_TRUE(ArchiveReader::open(folder_.path()));
    }
    open();
    EXPECT_GE(samples("A").size(), list.size());
    auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::Read);
    ASSERT_TRUE(database);
    EXPECT_EQ(database->number("PRAGMA user_version").value(), 3);
    EXPECT_EQ(database->number("SELECT length(id) FROM record").value(), 32);
}

TEST_F(StorageTest, ADatabaseOfANewerVersionIsLeftAlone) {
    storage_.reset();
    const auto set = [&](const char* version) {
        auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->run(version));
    };
    set("PRAGMA user_version=4");
    Storage storage(folder_.path(), {});
    EXPECT_FALSE(storage.open(now_));
    EXPECT_NE(storage.problem().find("version 4"), std::string::npos) << storage.problem();
    set("PRAGMA user_version=3");
    EXPECT_TRUE(storage.open(now_));
}

TEST_F(StorageTest, ASecondProgramIsRefused) {
    Storage second(folder_.path(), {});
    EXPECT_FALSE(second.open(now_));
    EXPECT_NE(second.problem().find("another program"), std::string::npos);
    storage_.reset();
    EXPECT_TRUE(second.open(now_));
}

TEST_F(StorageTest, AFullMemoryRefuses) {
    StorageLimits limits;
    limits.fullBytes = 1000;
    open(limits);
    const auto id = storage_->seriesOf(path("A"));
    std::size_t taken = 0;
    while (storage_->append(id, sampleAt(seconds{static_cast<int>(taken)}, Value(1.0)))) ++taken;
    EXPECT_GT(taken, 10U);
    EXPECT_TRUE(storage_->isFull());
}

/// Any order of recording, committing, packing, crashes and orderly ends: what was durable is there, in
/// order, once.
TEST(StorageModel, KeepsWhatWasDurable) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(seed);
        std::minstd_rand random(seed);
        TestFolder folder;
        auto now = kTestStart;
        StorageLimits limits;
        limits.sweepBytes = 3000;
        limits.journalBytes = 20'000;
        std::optional<Storage> storage;
        storage.emplace(folder.path(), limits);
        ASSERT_TRUE(storage->open(now));
        const std::vector<std::string> tags{"A", "B", "C"};
        std::map<std::string, std::vector<HistorySample>> durable;
        std::map<std::string, std::vector<HistorySample>> fresh;
        std::vector<Stop> stops;

        const auto reopen = [&] {
            fresh.clear();
            storage.reset();
            storage.emplace(folder.path(), limits);
            ASSERT_TRUE(storage->open(now)) << storage->problem();
            ASSERT_TRUE(storage->lastStop());
            if (stops.empty() || stops.back().time != storage->lastStop()->time)
                stops.push_back(*storage->lastStop());
            else
                stops.back() = *storage->lastStop();
        };
        const auto makeDurable = [&] {
            for (auto& [tag, list] : fresh) {
                auto& all = durable[tag];
                all.insert(all.end(), list.begin(), list.end());
            }
            fresh.clear();
        };
        const auto expected = [&](const std::string& tag) {
            auto all = durable[tag];
            all.insert(all.end(), fresh[tag].begin(), fresh[tag].end());
            sortSamples(all);
            std::vector<HistorySample> list;
            auto stop = stops.begin();
            const auto showStops = [&](Timestamp time) {
                for (; stop != stops.end() && stop->time < time; ++stop) {
                    if (!list.empty() && !list.back().value.status.isBad()) list.push_back(stopSample(*stop));
                }
            };
            for (const auto& sample : all) {
                showStops(sample.value.sourceTime);
                list.push_back(sample);
            }
            showStops(kEnd);
            return list;
        };

        QueryRunner runner(folder.path());
        for (int step = 0; step < 250; ++step) {
            now += milliseconds{random() % 5000};
            const auto& tag = tags[random() % tags.size()];
            const auto choice = random() % 100;
            if (choice < 60) {
                const auto burst = random() % 60;
                for (unsigned i = 0; i < burst; ++i) {
                    auto sample = sampleAt(std::chrono::duration_cast<milliseconds>(now - kTestStart),
                                           Value(0.25 * static_cast<double>(random() % 100)));
                    sample.value.sourceTime += Ticks{i};
                    if (random() % 10 == 0) sample.value.sourceTime -= seconds{random() % 300};
                    if (random() % 20 == 0) sample.value.status = kBadNoCommunication;
                    if (random() % 30 == 0) sample.value.value = Value("text");
                    ASSERT_TRUE(storage->append(storage->seriesOf(path(tag)), sample));
                    fresh[tag].push_back(sample);
                }
            } else if (choice < 80) {
                ASSERT_TRUE(storage->commit(now));
                makeDurable();
            } else if (choice < 90) {
                const bool sweeps = storage->journalBytes() > 0;
                while (storage->maintain(now)) {
                }
                if (sweeps) {
                    ASSERT_TRUE(storage->commit(now));
                    makeDurable();
                }
            } else if (choice < 93) {
                ASSERT_TRUE(storage->end(now));
                makeDurable();
                reopen();
            } else if (choice < 96) {
                reopen();
            }
            if (step % 7 != 0) continue;
            for (const auto& each : tags) {
                if (storage->find(each) == nullptr) continue;
                const auto read = allSamples(*storage, runner, path(each), kBegin, kEnd, 1 + random() % 500);
                ASSERT_EQ(firstDifference(read.samples, expected(each)), "") << each << " at step " << step;
            }
        }
    }
}

}  // namespace
}  // namespace tagwire::history
