// What a disk, a kill and a clock may do to the record: a journal cut at every byte, bytes that are wrong, a
// disk that takes nothing, a clock that is set.

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/folder_testing.h"
#include "history/merge.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"
#include "history/verify.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Timestamp kFrom = kTestStart - hours{1000};
constexpr Timestamp kTo = kTestStart + hours{1000};

std::string bytesOf(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, std::string_view bytes) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << bytes;
}

std::vector<HistorySample> samplesOf(const Storage& storage, const fs::path& folder,
                                     const std::string& tag = "A") {
    if (storage.find(tag) == nullptr) return {};
    QueryRunner runner(folder);
    return allSamples(storage, runner, path(tag), kFrom, kTo, 1000).samples;
}

/// Without the stops, which have no value.
std::vector<std::string> valuesOf(const Storage& storage, const fs::path& folder) {
    auto samples = samplesOf(storage, folder);
    std::erase_if(samples, [](const HistorySample& sample) { return sample.value.value.isNull(); });
    return bits(samples);
}

void packAll(Storage& storage, Timestamp now) {
    ASSERT_TRUE(storage.commit(now));
    while (storage.maintain(now)) {
    }
}

/// While it lives, files of this process cannot grow beyond `bytes`, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        (void)std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST(Damage, AJournalCutAtAnyByteKeepsEveryCommitBeforeTheCut) {
    const auto list = plantSamples(12);
    std::string journal;
    std::vector<std::size_t> durableAt;  // length of the file from which on a sample is durable
    {
        const TestFolder folder;
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(kTestStart));
        const auto file = journalFiles(folder.path()).front();
        for (std::size_t i = 0; i < list.size(); ++i) {
            ASSERT_TRUE(storage.append(storage.seriesOf(path("A")), list[i]));
            if (i % 3 != 2) continue;
            ASSERT_TRUE(storage.commit(kTestStart + seconds{i}));
            durableAt.resize(i + 1, fs::file_size(file));
        }
        journal = bytesOf(file);
    }
    for (std::size_t cut = 0; cut <= journal.size(); ++cut) {
        SCOPED_TRACE(cut);
        const TestFolder folder;
        fs::create_directories(folder.path());
        write(folder.path() / "journal-00000000000000000001.log", std::string_view(journal).substr(0, cut));
        const auto durable = std::ranges::count_if(durableAt, [&](auto length) { return length <= cut; });
        const std::vector expected(list.begin(), list.begin() + durable);
        const auto now = kTestStart + seconds{60};
        {
            Storage storage(folder.path(), {});
            ASSERT_TRUE(storage.open(now)) << storage.problem();
            ASSERT_EQ(valuesOf(storage, folder.path()), bits(expected));
            if (cut % 16 == 0) packAll(storage, now + hours{2});
        }
        // Killed again: what went into chunks meanwhile is not there twice.
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(now + hours{3})) << storage.problem();
        ASSERT_EQ(valuesOf(storage, folder.path()), bits(expected));
    }
}

TEST(Damage, AWrongByteInAJournalIsSaidAndAllButItsCommitIsKept) {
    const auto list = plantSamples(12);
    std::string journal;
    std::vector<std::size_t> ends;  // of the commits with samples
    {
        const TestFolder folder;
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(kTestStart));
        const auto file = journalFiles(folder.path()).front();
        for (std::size_t i = 0; i < list.size(); ++i) {
            ASSERT_TRUE(storage.append(storage.seriesOf(path("A")), list[i]));
            if (i % 3 != 2) continue;
            ASSERT_TRUE(storage.commit(kTestStart + seconds{i}));
            ends.push_back(fs::file_size(file));
        }
        journal = bytesOf(file);
    }
    const std::string name = "journal-00000000000000000001.log";
    for (std::size_t at = 0; at < journal.size(); ++at) {
        SCOPED_TRACE(at);
        const TestFolder folder;
        auto garbled = journal;
        garbled[at] = static_cast<char>(~garbled[at]);
        write(folder.path() / name, garbled);
        const auto now = kTestStart + seconds{60};
        std::vector<HistorySample> samples;
        {
            Storage storage(folder.path(), {});
            ASSERT_TRUE(storage.open(now)) << storage.problem();
            ASSERT_EQ(storage.damagedFiles(), 1U);
            ASSERT_EQ(storage.unreadable(), 0U);
            samples = samplesOf(storage, folder.path());
        }
        const auto report = verify(folder.path());
        ASSERT_TRUE(report);
        ASSERT_FALSE(report->problems.empty());
        // Once, however often it is read.
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(now)) << storage.problem();
        std::vector<fs::path> copies;
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            if (entry.path().filename().string().starts_with(name + ".damaged-"))
                copies.push_back(entry.path());
        }
        ASSERT_EQ(copies.size(), 1U);
        ASSERT_EQ(bytesOf(copies[0]), garbled);

        const auto values = valuesOf(storage, folder.path());
        if (values == bits(list)) continue;
        const auto hit = std::ranges::upper_bound(ends, at) - ends.begin();
        auto rest = list;
        rest.erase(rest.begin() + 3 * hit, rest.begin() + 3 * hit + 3);
        ASSERT_EQ(values, bits(rest));
        const auto gaps = std::ranges::count_if(
            samples, [](const HistorySample& sample) { return sample.value.status == kBadDataLost; });
        // One where the commit is missing, if anything was known before and after; one at the end of the run.
        ASSERT_EQ(gaps, hit == 0 || hit == 3 ? 1 : 2);
    }
}

TEST(Damage, WrongBytesNeverMakeValuesThatWereNotRecorded) {
    const TestFolder good;
    const auto list = plantSamples(6000);
    {
        Storage storage(good.path(), {});
        ASSERT_TRUE(storage.open(kTestStart));
        for (const auto& sample : list) ASSERT_TRUE(storage.append(storage.seriesOf(path("A")), sample));
        packAll(storage, kTestStart + hours{2});
        ASSERT_TRUE(storage.append(storage.seriesOf(path("A")), list.back()));
        ASSERT_TRUE(storage.end(kTestStart + hours{2}));
    }
    const auto recorded = bits(list);
    const std::set<std::string> known(recorded.begin(), recorded.end());
    std::vector<fs::path> files{good.path() / kArchiveFile};
    for (const auto& file : journalFiles(good.path())) files.push_back(file);
    std::minstd_rand random(7);
    std::size_t whole = 0;
    for (int round = 0; round < 80; ++round) {
        SCOPED_TRACE(round);
        const TestFolder folder;
        fs::create_directories(folder.path());
        for (const auto& file : files) {
            auto bytes = bytesOf(file);
            const bool database = file.filename() == kArchiveFile;
            if (database == (round % 4 != 0)) {
                for (int i = 0; i < 8; ++i)
                    bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
                if (round % 8 == 7) bytes.resize(random() % bytes.size());
            }
            write(folder.path() / file.filename(), bytes);
        }
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(kTestStart + hours{3})) << storage.problem();
        // Recording goes on, whatever was there before.
        const auto fresh = sampleAt(hours{4}, Value("after"));
        ASSERT_TRUE(storage.append(storage.seriesOf(path("B")), fresh));
        ASSERT_TRUE(storage.commit(kTestStart + hours{4}));
        try {
            const auto values = valuesOf(storage, folder.path());
            for (const auto& value : values) ASSERT_TRUE(known.contains(value));
            ASSERT_EQ(std::set<std::string>(values.begin(), values.end()).size(), values.size());
            if (values.size() == list.size()) ++whole;
        } catch (const std::runtime_error& error) {
            EXPECT_NE(std::string(error.what()).find("the history cannot be read"), std::string::npos);
        }
    }
    EXPECT_LT(whole, 80U);  // the wrong bytes were met
}

TEST(Damage, ADiskThatTakesNothingLosesNothing) {
    const TestFolder folder;
    const auto list = plantSamples(4000);
    Timestamp now = kTestStart;
    {
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(now));
        const auto id = storage.seriesOf(path("A"));
        {
            const FullDisk full(0);
            for (std::size_t i = 0; i < list.size(); ++i) {
                ASSERT_TRUE(storage.append(id, list[i]));
                if (i % 1000 != 0) continue;
                now += seconds{10};
                EXPECT_FALSE(storage.commit(now));
                EXPECT_FALSE(storage.maintain(now));
                EXPECT_FALSE(storage.problem().empty());
            }
            EXPECT_EQ(valuesOf(storage, folder.path()), bits(list));
        }
        now += seconds{10};
        EXPECT_TRUE(storage.commit(now));
        {
            // The journal has it; the database cannot take it.
            const FullDisk full(0);
            now += hours{2};
            while (storage.maintain(now)) {
            }
            EXPECT_FALSE(storage.problem().empty());
        }
        now += seconds{10};
        packAll(storage, now);
        EXPECT_EQ(storage.problem(), "");
        EXPECT_EQ(valuesOf(storage, folder.path()), bits(list));
    }
    Storage storage(folder.path(), {});
    ASSERT_TRUE(storage.open(now));
    EXPECT_EQ(valuesOf(storage, folder.path()), bits(list));
}

TEST(Damage, AFolderThatCannotBeMadeIsNamedAndTriedAgain) {
    const TestFolder folder;
    fs::create_directories(folder.path());
    const auto inTheWay = folder.path() / "disk";
    write(inTheWay, "a file");
    Storage storage(inTheWay / "history", {});
    EXPECT_FALSE(storage.open(kTestStart));
    EXPECT_NE(storage.problem().find(inTheWay.string()), std::string::npos) << storage.problem();
    fs::remove(inTheWay);
    EXPECT_TRUE(storage.open(kTestStart));
    EXPECT_EQ(storage.problem(), "");
}

TEST(Damage, AClockThatIsSetLosesAndDoublesNothing) {
    const auto list = plantSamples(6000);
    for (const auto jump : {-hours{1}, hours{1}}) {
        SCOPED_TRACE(jump.count());
        const TestFolder folder;
        Timestamp now = kTestStart + hours{2};
        std::optional<Storage> storage;
        const auto open = [&] {
            storage.reset();
            storage.emplace(folder.path(), StorageLimits{});
            ASSERT_TRUE(storage->open(now)) << storage->problem();
        };
        open();
        for (std::size_t i = 0; i < list.size(); ++i) {
            ASSERT_TRUE(storage->append(storage->seriesOf(path("A")), list[i]));
            if (i % 100 != 0) continue;
            now += seconds{10};
            ASSERT_TRUE(storage->commit(now));
            while (storage->maintain(now)) {
            }
            if (i == 2000 || i == 4000) now += jump;
            if (i == 3000) open();  // killed, while the clock was wrong
        }
        // Work that is done from time to time goes on at once, and does not wait until the old time is back.
        now += jump;
        ASSERT_TRUE(storage->commit(now));
        now += seconds{10};
        while (storage->maintain(now)) {
        }
        EXPECT_LT(storage->head(*storage->find("A")).log.size(), 20'000U);
        auto expected = list;
        sortSamples(expected);
        EXPECT_EQ(valuesOf(*storage, folder.path()), bits(expected));
        open();
        EXPECT_EQ(valuesOf(*storage, folder.path()), bits(expected));
    }
}

}  // namespace
}  // namespace tagwire::history
