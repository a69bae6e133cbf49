#include "history/record_reader.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"

namespace tagwire::history {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class RecordReaderTest : public testing::Test {
protected:
    void SetUp() override { open(); }

    void open(StorageLimits limits = {}) {
        storage_.reset();
        storage_ = std::make_unique<Storage>(folder_.path(), limits);
        ASSERT_TRUE(storage_->open(now_)) << storage_->problem();
    }
    /// One sample of each tag, with the next number.
    void commit(const std::vector<std::string>& tags = {"A", "B"}) {
        for (const auto& tag : tags) {
            ASSERT_TRUE(
                storage_->append(storage_->seriesOf(path(tag)), sampleAt(seconds{number_}, Value(number_))));
            expected_[tag + " " + std::to_string(number_)] = 1;
        }
        ++number_;
        now_ += seconds{1};
        ASSERT_TRUE(storage_->commit(now_));
    }
    /// The journal is gone, all of it is in chunks.
    void pack() {
        now_ += hours{2};
        while (storage_->maintain(now_)) {
        }
    }
    RecordReader reader() {
        RecordReader reader(folder_.path());
        EXPECT_TRUE(reader.open());
        return reader;
    }
    /// `limit` calls of read(), at most.
    void read(RecordReader& reader, std::size_t samples = 10, int limit = 1000) {
        for (; limit > 0; --limit) {
            const auto any = reader.read(storage_->lastCommit(), samples, [&](auto tag, auto list) {
                for (const auto& sample : list) {
                    ++read_[std::string(tag) + " " +
                            std::to_string(static_cast<int>(sample.value.value.toDouble()))];
                }
                return true;
            });
            ASSERT_TRUE(any) << any.error().message;
            if (!*any) return;
        }
    }

    TestFolder folder_;
    Timestamp now_ = kTestStart;
    std::unique_ptr<Storage> storage_;
    int number_ = 0;
    using Counts = std::map<std::string, int>;
    Counts expected_;
    Counts read_;
};

TEST_F(RecordReaderTest, ReadsCommitsAsTheyComeOnce) {
    auto at = reader();
    at.moveTo({});
    for (int i = 0; i < 5; ++i) {
        commit();
        commit({"A"});
        read(at);
        EXPECT_EQ(read_, expected_);
    }
    EXPECT_EQ(at.position().commit, storage_->lastCommit());
}

TEST_F(RecordReaderTest, GoesOnFromAFileToTheNext) {
    auto at = reader();
    at.moveTo({});
    commit();
    read(at);
    open();  // a file of its own
    commit();
    commit({"C"});
    read(at);
    EXPECT_EQ(read_, expected_);
    EXPECT_EQ(at.gaps(), 0U);
}

TEST_F(RecordReaderTest, NothingThatIsNotDurableIsRead) {
    auto at = reader();
    at.moveTo({});
    commit();
    commit();
    const auto any = at.read(CommitId{storage_->lastCommit().value() - 1}, 1000, [&](auto, auto list) {
        EXPECT_EQ(list.size(), 1U);
        return true;
    });
    ASSERT_TRUE(any);
    EXPECT_EQ(at.position().commit.value(), storage_->lastCommit().value() - 1);
}

TEST_F(RecordReaderTest, WhatTheJournalHasNoMoreComesFromChunks) {
    auto at = reader();
    at.moveTo({});
    commit();
    read(at);
    const auto position = at.position();
    for (int i = 0; i < 20; ++i) {
        commit();
        if (i % 5 == 0) pack();
    }
    at.moveTo(position);
    read(at, 1);
    for (const auto& [sample, count] : expected_) EXPECT_EQ(read_.count(sample), 1U) << sample;
    EXPECT_EQ(read_.size(), expected_.size());
    const auto twice = std::ranges::count_if(read_, [](const auto& each) { return each.second > 1; });
    EXPECT_LE(twice, 12) << "only what lies in a chunk with what is new";
    read_.clear();
    commit();
    read(at);
    EXPECT_EQ(read_.size(), 2U) << "back in the journal";
    EXPECT_EQ(at.gaps(), 0U);
}

/// Small chunks are joined into new ones between any two steps of the reader.
TEST_F(RecordReaderTest, JoinedChunksAreNotMissed) {
    auto at = reader();
    at.moveTo({});
    for (int i = 0; i < 30; ++i) {
        commit();
        pack();
    }
    read(at, 1, 20);
    for (int i = 0; i < 40; ++i) {
        commit();
        pack();
        if (i % 3 == 0) {
            const auto position = at.position();
            at.moveTo(position);  // as after a broken connection
            read(at, 1, 1);
        }
    }
    read(at, 7);
    for (const auto& [sample, count] : expected_) EXPECT_GE(read_[sample], 1) << sample;
}

TEST_F(RecordReaderTest, BeginsWithChunksThatDoNotSayTheirCommits) {
    commit();
    pack();
    storage_.reset();
    {
        auto database = Database::open(folder_.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->run("UPDATE chunk SET through=0"));
    }
    open();
    commit();
    auto at = reader();
    at.moveTo({});
    read(at, 1, 1);
    at.moveTo(at.position());
    read(at, 1);
    EXPECT_EQ(read_, expected_);
}

TEST_F(RecordReaderTest, ARefusedPartIsReadAgain) {
    commit();
    auto at = reader();
    at.moveTo({});
    const auto refused = at.read(storage_->lastCommit(), 100, [](auto, auto) { return false; });
    ASSERT_TRUE(refused);
    EXPECT_FALSE(*refused);
    at.moveTo(at.position());
    read(at);
    EXPECT_EQ(read_, expected_);
}

TEST_F(RecordReaderTest, SaysThatRetentionWasFaster) {
    auto at = reader();
    at.moveTo({});
    commit();
    read(at);
    StorageLimits limits;
    limits.keep = hours{10};
    open(limits);
    commit();
    pack();
    now_ += hours{100};
    while (storage_->maintain(now_)) {
    }
    commit();
    read(at);
    EXPECT_EQ(at.gaps(), 1U);
    EXPECT_EQ(read_["A 2"], 1);
    read(at);
    EXPECT_EQ(at.gaps(), 1U);
}

TEST_F(RecordReaderTest, WaitsAtADamagedPlaceUntilItIsPacked) {
    auto at = reader();
    at.moveTo({});
    commit();
    read(at);
    const auto before = std::filesystem::file_size(journalFiles(folder_.path()).back());
    commit();
    commit();
    {
        std::fstream file(journalFiles(folder_.path()).back(),
                          std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(before) + 12);
        file << "garbled";
    }
    read(at);
    EXPECT_FALSE(at.problem().empty());
    EXPECT_EQ(read_.size(), 2U);
    pack();
    commit();
    read(at);
    EXPECT_TRUE(at.problem().empty());
    EXPECT_EQ(read_.size(), expected_.size()) << "the recorder had it in memory";
}

TEST_F(RecordReaderTest, ANewDatabaseHasAnotherId) {
    const auto id = reader().id();
    EXPECT_EQ(id.size(), 32U);
    open();
    EXPECT_EQ(reader().id(), id);
    storage_.reset();
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        std::filesystem::remove(entry.path());
    open();
    EXPECT_NE(reader().id(), id);
}

}  // namespace
}  // namespace tagwire::history
