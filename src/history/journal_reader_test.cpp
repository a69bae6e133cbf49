#include "history/journal_reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/journal.h"
#include "history/samples_testing.h"

namespace tagwire::history {
namespace {

struct TestJournal {
    std::string bytes;
    /// Where each commit ends; they are numbered from 1.
    std::vector<std::size_t> ends;
};

/// A commit a text, which is its sample log.
TestJournal journalOf(const std::vector<std::string>& texts) {
    const TestFolder folder;
    TestJournal made;
    auto journal = Journal::create(folder.path(), CommitId{1}).value();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        CommitWriter commit(CommitId{i + 1}, kTestStart + std::chrono::seconds{i});
        commit.addSeries(SeriesId{1}, "Plant.Tag");
        commit.addSamples(SeriesId{1}, 1, texts[i]);
        EXPECT_TRUE(journal.append(commit));
        made.ends.push_back(journal.bytes());
    }
    std::ifstream stream(journal.path(), std::ios::binary);
    made.bytes.assign(std::istreambuf_iterator<char>(stream), {});
    return made;
}

struct Found {
    std::vector<std::uint64_t> ids;
    std::vector<std::uint64_t> afterDamage;
    JournalReport report;
};

Found read(std::string_view bytes) {
    Found found;
    found.report = readJournalBytes(bytes, [&](const Commit& commit) {
        found.ids.push_back(commit.id.value());
        if (commit.afterDamage) found.afterDamage.push_back(commit.id.value());
    });
    return found;
}

std::vector<std::uint64_t> allBut(std::size_t count, std::uint64_t missing) {
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 1; id <= count; ++id) {
        if (id != missing) ids.push_back(id);
    }
    return ids;
}

TEST(JournalReader, AWrongByteLosesTheCommitItIsInAtMostAndNeverSilently) {
    const auto journal = journalOf({"first", std::string(40, 'x'), "", std::string(7, '\x02'), "last"});
    const auto count = journal.ends.size();
    for (std::size_t at = 0; at < journal.bytes.size(); ++at) {
        const auto hit =
            static_cast<std::uint64_t>(std::ranges::upper_bound(journal.ends, at) - journal.ends.begin()) + 1;
        for (int flip = 1; flip < 256; ++flip) {
            auto bytes = journal.bytes;
            bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
            const auto found = read(bytes);
            SCOPED_TRACE(testing::Message() << "byte " << at << " ^ " << flip);
            ASSERT_TRUE(found.report.isDamaged());
            ASSERT_EQ(found.report.torn, 0U);
            if (found.ids == allBut(count, 0)) continue;
            ASSERT_EQ(found.ids, allBut(count, hit));
            ASSERT_GT(found.report.damaged, 0U);
            ASSERT_LE(found.report.damagedAt, at);
            ASSERT_EQ(found.report.endsDamaged, hit == count);
            if (hit < count) {
                ASSERT_EQ(found.afterDamage, std::vector{hit + 1});
            }
        }
    }
}

TEST(JournalReader, AWrongLengthLosesNothing) {
    const auto journal = journalOf({"first", "second", "third"});
    for (std::size_t commit = 0; commit < 3; ++commit) {
        auto bytes = journal.bytes;
        const auto begin = commit == 0 ? kJournalMagic.size() : journal.ends[commit - 1];
        for (const char wrong : {'\x00', '\x05', '\x7f', '\xff'}) {
            bytes[begin] = wrong;
            bytes[begin + 3] = wrong;
            const auto found = read(bytes);
            EXPECT_EQ(found.ids, allBut(3, 0)) << commit;
            EXPECT_EQ(found.report.mended, 1U) << commit;
            EXPECT_EQ(found.report.damaged, 0U) << commit;
        }
    }
}

TEST(JournalReader, AnEndThatWasBeingWrittenIsNoDamage) {
    const auto journal = journalOf({"first", "second", std::string(3000, 'x')});
    for (std::size_t cut = 0; cut < journal.bytes.size(); ++cut) {
        const auto found = read(std::string_view(journal.bytes).substr(0, cut));
        const auto whole = std::ranges::count_if(journal.ends, [cut](auto end) { return end <= cut; });
        ASSERT_EQ(found.ids, allBut(static_cast<std::size_t>(whole), 0)) << cut;
        ASSERT_FALSE(found.report.isDamaged()) << cut;
    }
    // Its length reached the disk, and some of its pages.
    auto bytes = journal.bytes;
    bytes.replace(1024, 512, 512, '\0');
    const auto found = read(bytes);
    EXPECT_EQ(found.ids, allBut(2, 0));
    EXPECT_FALSE(found.report.isDamaged());
    EXPECT_GT(found.report.torn, 3000U);
}

TEST(JournalReader, KeepsWhatIsWholeBehindALongHole) {
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i) texts.emplace_back(100, static_cast<char>('a' + i % 26));
    const auto journal = journalOf(texts);
    auto bytes = journal.bytes;
    bytes.replace(1000, 1500, 1500, '\0');
    const auto found = read(bytes);
    std::vector<std::uint64_t> expected;
    for (std::size_t i = 0; i < journal.ends.size(); ++i) {
        const auto begin = i == 0 ? kJournalMagic.size() : journal.ends[i - 1];
        if (journal.ends[i] <= 1000 || begin >= 2500) expected.push_back(i + 1);
    }
    EXPECT_EQ(found.ids, expected);
    EXPECT_EQ(found.afterDamage.size(), 1U);
    EXPECT_GE(found.report.damaged, 1500U);
}

TEST(JournalReader, ARecordedTextIsNotTakenForACommit) {
    const auto inner = journalOf({"", "", "", "", "", "planted"});
    const auto planted = inner.bytes.substr(inner.ends[4]);
    const auto journal = journalOf({"first", "text " + planted, "third"});
    auto bytes = journal.bytes;
    auto& byte = bytes[journal.ends[0] + kCommitHeadBytes + 12];
    byte = static_cast<char>(~byte);
    EXPECT_EQ(read(bytes).ids, allBut(3, 2));
}

TEST(JournalReader, FindsWholeCommitsInRubbishAndNothingElse) {
    const auto journal = journalOf({"first", "second"});
    std::minstd_rand random(1);
    for (int round = 0; round < 50; ++round) {
        std::string rubbish(random() % 5000, '\0');
        for (auto& byte : rubbish) byte = static_cast<char>(random());
        EXPECT_TRUE(read(std::string(kJournalMagic) + rubbish).ids.empty());
        const auto found = read(std::string(kJournalMagic) + rubbish + journal.bytes.substr(8));
        EXPECT_EQ(found.ids, allBut(2, 0));
        EXPECT_EQ(found.report.damaged, rubbish.size());
    }
}

}  // namespace
}  // namespace tagwire::history
