#include "documents/document_store.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::documents {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t kRoomy = 1'000'000'000;
constexpr std::int64_t kNow = 1'700'000'000'000;

class DocumentStoreTest : public testing::Test {
protected:
    [[nodiscard]] std::filesystem::path folder() const { return root_.path() / "documents"; }

    static DocumentId id(std::string name) {
        return {.kind = DocumentKind::Dashboard, .name = std::move(name)};
    }

    static DocumentSave saving(std::string name, std::string_view title, std::optional<std::int64_t> over) {
        return {.id = id(std::move(name)),
                .text = fmt::format(R"({{"title":"{}"}})", title),
                .by = "ann",
                .over = over};
    }

    /// The new version; 0: a conflict.
    std::int64_t save(std::string name, std::string_view title, std::optional<std::int64_t> over) {
        const auto answer = store_.save(saving(std::move(name), title, over), fromUnixMillis(kNow));
        if (!answer) throw std::runtime_error(answer.error().message);
        const auto* summary = std::get_if<DocumentSummary>(&*answer);
        return summary == nullptr ? 0 : summary->latest.number;
    }

    TestFolder root_;
    DocumentStore store_{folder(), kRoomy};
};

TEST_F(DocumentStoreTest, IsEmptyAndMakesNoFileBeforeSomethingIsSaved) {
    EXPECT_THAT(store_.list(DocumentKind::Dashboard).value(), SizeIs(0));
    EXPECT_EQ(store_.read(id("a"), {}).error().status, kBadNotFound);
    EXPECT_EQ(store_.versions(id("a")).error().status, kBadNotFound);
    const auto removed = store_.remove(id("a"), 1, fromUnixMillis(kNow));
    EXPECT_EQ(std::get<DocumentConflict>(removed.value()).version, std::nullopt);
    EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(DocumentStoreTest, KeepsTextsAsTheyWereSentWithTheirVersions) {
    ASSERT_EQ(save("line-1", "First", {}), 1);
    ASSERT_EQ(save("line-1", "蒸馏", 1), 2);
    const auto latest = store_.read(id("line-1"), {}).value();
    EXPECT_EQ(latest.version, 2);
    EXPECT_EQ(latest.text, R"({"title":"蒸馏"})");
    EXPECT_EQ(store_.read(id("line-1"), 1)->text, R"({"title":"First"})");
    EXPECT_EQ(store_.read(id("line-1"), 3).error().status, kBadNotFound);
    const auto versions = store_.versions(id("line-1")).value();
    ASSERT_THAT(versions, SizeIs(2));
    EXPECT_EQ(versions[0].number, 2);
    EXPECT_EQ(versions[0].title, "蒸馏");
    EXPECT_EQ(versions[0].by, "ann");
    EXPECT_EQ(versions[0].changed, fromUnixMillis(kNow));
    EXPECT_EQ(versions[1].title, "First");
}

TEST_F(DocumentStoreTest, ListsAKindByName) {
    ASSERT_EQ(save("b", "B", {}), 1);
    ASSERT_EQ(save("a", "A", {}), 1);
    ASSERT_EQ(save("a", "A again", 1), 2);
    auto screen = saving("s", "S", {});
    screen.id.kind = DocumentKind::Screen;
    ASSERT_TRUE(store_.save(screen, fromUnixMillis(kNow)));
    std::vector<std::string> listed;
    const auto documents = store_.list(DocumentKind::Dashboard).value();
    for (const auto& document : documents)
        listed.push_back(
            fmt::format("{} {} {}", document.name, document.latest.number, document.latest.title));
    EXPECT_THAT(listed, ElementsAre("a 2 A again", "b 1 B"));
    EXPECT_EQ(store_.list(DocumentKind::Screen)->at(0).name, "s");
}

TEST_F(DocumentStoreTest, SavesOverWhatWasSeenOnly) {
    ASSERT_EQ(save("a", "A", {}), 1);
    EXPECT_EQ(save("a", "A", {}), 0) << "created twice";
    EXPECT_EQ(save("b", "B", 1), 0) << "nothing there";
    ASSERT_EQ(save("a", "A", 1), 2);
    const auto late = store_.save(saving("a", "late", 1), fromUnixMillis(kNow));
    EXPECT_EQ(std::get<DocumentConflict>(late.value()).version, 2);
    EXPECT_EQ(store_.read(id("a"), {})->version, 2);
}

TEST_F(DocumentStoreTest, RemovesWhatWasSeenWithAllVersionsAndNeverCountsAgain) {
    ASSERT_EQ(save("a", "A", {}), 1);
    ASSERT_EQ(save("a", "A", 1), 2);
    const auto early = store_.remove(id("a"), 1, fromUnixMillis(kNow));
    EXPECT_EQ(std::get<DocumentConflict>(early.value()).version, 2);
    ASSERT_TRUE(
        std::holds_alternative<DocumentRemoved>(store_.remove(id("a"), 2, fromUnixMillis(kNow)).value()));
    EXPECT_EQ(store_.read(id("a"), {}).error().status, kBadNotFound);
    EXPECT_EQ(store_.read(id("a"), 1).error().status, kBadNotFound);
    EXPECT_THAT(store_.list(DocumentKind::Dashboard).value(), SizeIs(0));
    EXPECT_EQ(save("a", "A", 2), 0);
    EXPECT_EQ(save("a", "new", {}), 3) << "who has seen version 1 or 2 must not overwrite it";
}

TEST_F(DocumentStoreTest, KeepsTheLatestVersions) {
    ASSERT_EQ(save("a", "A", {}), 1);
    for (std::int64_t i = 1; i < 55; ++i) ASSERT_EQ(save("a", "A", i), i + 1);
    const auto versions = store_.versions(id("a")).value();
    EXPECT_THAT(versions, SizeIs(kMaxDocumentVersions));
    EXPECT_EQ(versions.back().number, 6);
    EXPECT_THAT(store_.read(id("a"), 5).error().message, HasSubstr("50"));
}

TEST_F(DocumentStoreTest, RefusesOneTooMany) {
    ASSERT_EQ(save("d0", "D", {}), 1);
    {
        // All the others in one go.
        auto file = sqlite::Database::open(folder() / kDocumentsFile, sqlite::Database::Access::ReadWrite);
        constexpr auto kFill =
            "BEGIN IMMEDIATE;"
            "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM i WHERE n<{0})"
            " INSERT INTO document(kind, name, latest) SELECT 'dashboard', 'd'||n, 1 FROM i;"
            "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM i WHERE n<{0})"
            " INSERT INTO version SELECT 'dashboard', 'd'||n, 1, 'D', 0, '', '{{}}' FROM i;"
            "COMMIT;";
        ASSERT_TRUE(file->run(fmt::format(kFill, kMaxDocuments - 1).c_str()));
    }
    ASSERT_THAT(store_.list(DocumentKind::Dashboard).value(), SizeIs(kMaxDocuments));
    const auto refused = store_.save(saving("one-more", "D", {}), fromUnixMillis(kNow));
    EXPECT_EQ(refused.error().status, kBadEncodingLimitsExceeded);
    EXPECT_EQ(save("d0", "D", 1), 2) << "what is there goes on";
    EXPECT_EQ(save("d0", "D", {}), 0) << "a conflict comes first";
    ASSERT_TRUE(store_.remove(id("d1"), 1, fromUnixMillis(kNow)));
    EXPECT_EQ(save("one-more", "D", {}), 1);
}

TEST_F(DocumentStoreTest, RefusesWhatIsNoDocument) {
    auto wrong = saving("a", "A", {});
    wrong.text = "[]";
    EXPECT_EQ(store_.save(wrong, {}).error().status, kBadInvalidArgument);
    wrong.text = fmt::format(R"({{"title":"A","x":"{}"}})", std::string(kMaxDocumentBytes, 'x'));
    EXPECT_EQ(store_.save(wrong, {}).error().status, kBadEncodingLimitsExceeded);
    EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(DocumentStoreTest, IsThereAgainForTheNextProgramAndForTwoAtATime) {
    ASSERT_EQ(save("a", "A", {}), 1);
    DocumentStore other(folder(), kRoomy);
    EXPECT_EQ(other.read(id("a"), {})->text, R"({"title":"A"})");
    ASSERT_TRUE(other.save(saving("a", "theirs", 1), fromUnixMillis(kNow)));
    EXPECT_EQ(save("a", "ours", 1), 0);
    EXPECT_EQ(store_.read(id("a"), {})->text, R"({"title":"theirs"})");
}

TEST_F(DocumentStoreTest, SaysWhenItIsFullAndGoesOnWhenThereIsRoom) {
    DocumentStore small(folder(), 1'000'000);
    auto large = saving("a", "A", {});
    large.text = fmt::format(R"({{"title":"A","x":"{}"}})", std::string(600'000, 'x'));
    ASSERT_TRUE(small.save(large, {}));
    large.id.name = "b";
    const auto refused = small.save(large, {});
    EXPECT_EQ(refused.error().status, kBadInternalError);
    EXPECT_THAT(refused.error().message, HasSubstr("max_size_mb"));
    ASSERT_TRUE(small.remove(id("a"), 1, {}));
    EXPECT_TRUE(small.save(large, {}));
}

TEST_F(DocumentStoreTest, SaysThatItsFileIsDamagedAndTakesAnotherOne) {
    std::filesystem::create_directories(folder());
    std::ofstream(folder() / kDocumentsFile) << "no database at all, but long enough to be looked at as one";
    const auto list = store_.list(DocumentKind::Dashboard);
    EXPECT_EQ(list.error().status, kBadInternalError);
    EXPECT_THAT(list.error().message, HasSubstr("damaged"));
    std::filesystem::remove(folder() / kDocumentsFile);
    EXPECT_EQ(save("a", "A", {}), 1);
}

TEST_F(DocumentStoreTest, LeavesDatabasesOfOthersAlone) {
    std::filesystem::create_directories(folder());
    {
        auto other = sqlite::Database::open(folder() / kDocumentsFile, sqlite::Database::Access::ReadWrite);
        ASSERT_TRUE(other->run("CREATE TABLE theirs(x)"));
    }
    EXPECT_EQ(store_.save(saving("a", "A", {}), {}).error().status, kBadInternalError);
}

}  // namespace
}  // namespace tagwire::documents
