#include "history/repair.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"
#include "history/verify.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

class RepairTest : public testing::Test {
protected:
    void SetUp() override {
        auto now = kTestStart;
        Storage storage(folder_.path(), {});
        ASSERT_TRUE(storage.open(now));
        for (const char* tag : {"A", "B"}) {
            for (const auto& sample : plantSamples(kSamples))
                ASSERT_TRUE(storage.append(storage.seriesOf(path(tag)), sample));
        }
        ASSERT_TRUE(storage.commit(now));
        now += hours{2};
        while (storage.maintain(now)) {
        }
        for (int commit = 0; commit < 3; ++commit) {
            ASSERT_TRUE(
                storage.append(storage.seriesOf(path("A")), sampleAt(hours{3 + commit}, Value(commit))));
            ASSERT_TRUE(storage.commit(now + seconds{commit}));
        }
    }

    void change(const char* sql) {
        auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->run(sql));
    }
    void overwrite(const fs::path& file, std::size_t at, std::string_view bytes) {
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(static_cast<std::streamoff>(at));
        stream << bytes;
    }
    std::vector<std::string> repaired() {
        const auto done = repair(folder_.path(), kTestStart + hours{4});
        EXPECT_TRUE(done) << done.error().message;
        const auto verified = verify(folder_.path());
        EXPECT_TRUE(verified);
        EXPECT_TRUE(verified->problems.empty()) << verified->problems.front();
        return done ? *done : std::vector<std::string>{};
    }
    std::size_t values(const std::string& tag) {
        Storage storage(folder_.path(), {});
        EXPECT_TRUE(storage.open(kTestStart + hours{5})) << storage.problem();
        QueryRunner runner(folder_.path());
        const auto all = allSamples(storage, runner, path(tag), kTestStart, kTestStart + hours{100}, 10'000);
        return static_cast<std::size_t>(std::ranges::count_if(
            all.samples, [](const HistorySample& sample) { return !sample.value.value.isNull(); }));
    }
    std::vector<std::string> files(std::string_view part) {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder_.path())) {
            auto name = entry.path().filename().string();
            if (name.find(part) != std::string::npos) found.push_back(std::move(name));
        }
        return found;
    }

    static constexpr std::size_t kSamples = 8'192;
    TestFolder folder_;
};

TEST_F(RepairTest, LeavesAloneWhatIsWhole) {
    EXPECT_TRUE(repaired().empty());
    EXPECT_TRUE(files("damaged").empty());
    EXPECT_EQ(values("A"), kSamples + 3);
}

TEST_F(RepairTest, MovesAChunkAsideThatCannotBeRead) {
    change("UPDATE chunk SET data=zeroblob(100) WHERE id=2");
    EXPECT_EQ(repaired().size(), 1U);
    EXPECT_EQ(values("A") + values("B"), 2 * kSamples + 3 - 1024);
    const auto kept = files("history.db.removed-");
    ASSERT_FALSE(kept.empty());
    auto database = Database::open(folder_.path() / kept[0], Database::Access::Read);
    ASSERT_TRUE(database);
    EXPECT_EQ(
        database->number("SELECT count(*) FROM chunk WHERE id=2 AND length(data)=100 AND path IS NOT NULL")
            .value(),
        1);
}

TEST_F(RepairTest, DescribesChunksAnewWhoseRowsAreWrong) {
    change("UPDATE chunk SET last=first, samples=1, summary=x'' WHERE id=3");
    EXPECT_EQ(repaired().size(), 1U);
    EXPECT_EQ(values("A") + values("B"), 2 * kSamples + 3);
}

TEST_F(RepairTest, TakesWhatIsWholeOutOfADamagedJournal) {
    const auto file = journalFiles(folder_.path()).back();
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    overwrite(file, bytes.size() - 60, "rubbish");
    EXPECT_EQ(repaired().size(), 1U);
    EXPECT_EQ(files(".log.damaged-").size(), 1U);
    EXPECT_GE(values("A"), kSamples + 1);
    EXPECT_LT(values("A"), kSamples + 3);
}

TEST_F(RepairTest, RebuildsADatabaseWithADamagedPage) {
    change("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto file = folder_.path() / kArchiveFile;
    const auto pages = fs::file_size(file) / 16384;
    ASSERT_GT(pages, 5U);
    std::size_t damaged = 0;
    for (std::size_t page = 1; page < pages; ++page) {
        std::ifstream stream(file, std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(page * 16384));
        // A leaf of a table (SQLite, "Database File Format", 1.6) with chunks in it.
        if (stream.get() != 0x0D) continue;
        std::string content(16384, '\0');
        stream.read(content.data(), 16000);
        if (std::ranges::count(content, '\0') > 12000) continue;
        overwrite(file, page * 16384, std::string(16384, 'x'));
        ++damaged;
        break;
    }
    ASSERT_EQ(damaged, 1U);
    EXPECT_EQ(repaired().size(), 2U);
    const auto kept = values("A") + values("B");
    EXPECT_LT(kept, 2 * kSamples);
    EXPECT_GT(kept, kSamples / 2);
    EXPECT_FALSE(files("history.db.damaged-").empty());
}

TEST_F(RepairTest, BeginsAnewWhereNothingCanBeRead) {
    overwrite(folder_.path() / kArchiveFile, 0, std::string(200, 'x'));
    EXPECT_FALSE(repaired().empty());
    EXPECT_FALSE(files("history.db.damaged-").empty());
    EXPECT_GE(values("A"), 3U);
}

TEST_F(RepairTest, RefusesWhileAnotherProgramRecords) {
    Storage storage(folder_.path(), {});
    ASSERT_TRUE(storage.open(kTestStart + hours{5}));
    EXPECT_FALSE(repair(folder_.path(), kTestStart + hours{5}));
}

}  // namespace
}  // namespace tagwire::history
