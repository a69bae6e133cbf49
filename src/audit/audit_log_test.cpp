#include "audit/audit_log.h"

#include <fstream>
#include <future>
#include <iterator>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit_line.h"
#include "audit/audit_query.h"
#include "audit/audit_verify.h"
#include "base/folder_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AuditEntry entry(std::string action, std::string target = {}, std::string user = "anna") {
    AuditEntry made;
    made.time = fromUnixMillis(1'795'435'200'000);
    made.user = std::move(user);
    made.action = std::move(action);
    made.target = std::move(target);
    return made;
}

class AuditFilesTest : public testing::Test {
protected:
    void write(std::size_t count, std::uint64_t fileBytes = AuditWriter::kFileBytes) {
        AuditWriter writer(folder_, fileBytes);
        for (std::size_t i = 0; i < count; ++i) {
            const auto number = std::to_string(++written_);
            const auto done = writer.append(std::vector{entry("write", "Tag" + number)});
            ASSERT_TRUE(done) << done.error().message;
        }
    }
    [[nodiscard]] std::string textOf(const std::filesystem::path& file) const {
        std::ifstream in(folder_ / file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    void put(const std::filesystem::path& file, const std::string& text) const {
        std::ofstream(folder_ / file, std::ios::binary) << text;
    }
    [[nodiscard]] AuditVerdict verdict() const {
        auto verdict = verifyLog(folder_);
        EXPECT_TRUE(verdict);
        return verdict ? *verdict : AuditVerdict{};
    }
    [[nodiscard]] std::vector<std::string> shown(const AuditQuestion& question = {}) const {
        std::vector<std::string> lines;
        const auto page = readPage(folder_, question);
        for (const auto& each : page->entries)
            lines.push_back(std::to_string(each.number) + " " + each.entry.action + " " + each.entry.target);
        if (page->more) lines.emplace_back("more");
        return lines;
    }
    static inline const std::string kFirst = "audit-000000000001.jsonl";

    TestFolder root_;
    const std::filesystem::path folder_ = root_.path() / "audit";
    std::size_t written_ = 0;
};

TEST_F(AuditFilesTest, NumbersGoOnAndTheChainHolds) {
    write(3);
    write(2);
    const auto whole = verdict();
    EXPECT_TRUE(whole.intact) << whole.problem;
    EXPECT_EQ(whole.entries, 5U);
    EXPECT_THAT(shown(),
                ElementsAre("5 write Tag5", "4 write Tag4", "3 write Tag3", "2 write Tag2", "1 write Tag1"));
    struct stat status{};
    for (const auto* file : {"audit-000000000001.jsonl", "head.json", "lock"}) {
        ASSERT_EQ(::stat((folder_ / file).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
    }
    ASSERT_EQ(::stat(folder_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(AuditFilesTest, NothingIsIntactAndEmpty) {
    EXPECT_TRUE(verdict().intact);
    EXPECT_EQ(verdict().entries, 0U);
    EXPECT_TRUE(shown().empty());
}

TEST_F(AuditFilesTest, TwoProgramsWriteInTurns) {
    AuditWriter server(folder_);
    AuditWriter console(folder_);
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(server.append(std::vector{entry("a")}));
        ASSERT_TRUE(console.append(std::vector{entry("b"), entry("c")}));
    }
    EXPECT_EQ(server.last(), 13U);
    EXPECT_EQ(console.last(), 15U);
    const auto whole = verdict();
    EXPECT_TRUE(whole.intact) << whole.problem;
    EXPECT_EQ(whole.entries, 15U);
}

TEST_F(AuditFilesTest, FilesFollowEachOther) {
    write(10, 500);
    EXPECT_GT(filesOf(folder_)->size(), 2U);
    EXPECT_TRUE(verdict().intact) << verdict().problem;
    AuditQuestion question;
    question.limit = 2;
    EXPECT_THAT(shown(question), ElementsAre("10 write Tag10", "9 write Tag9", "more"));
    question.before = 3;
    EXPECT_THAT(shown(question), ElementsAre("2 write Tag2", "1 write Tag1"));
}

TEST_F(AuditFilesTest, AChangedLineIsFound) {
    write(5);
    auto text = textOf(kFirst);
    text.replace(text.find("Tag3"), 4, "TagX");
    put(kFirst, text);
    EXPECT_FALSE(verdict().intact);
    EXPECT_THAT(verdict().problem, HasSubstr(kFirst + ":3: entry 3 was changed"));
    EXPECT_EQ(verdict().entries, 2U);
}

TEST_F(AuditFilesTest, ARemovedLineIsFound) {
    write(5);
    auto text = textOf(kFirst);
    const auto from = text.find("{\"n\":2");
    text.erase(from, text.find("{\"n\":3") - from);
    put(kFirst, text);
    EXPECT_THAT(verdict().problem, HasSubstr(kFirst + ":2: entry 2 is missing before entry 3"));
}

TEST_F(AuditFilesTest, AMissingFileIsFound) {
    write(10, 500);
    const auto files = *filesOf(folder_);
    std::filesystem::remove(files[1].path);
    EXPECT_THAT(verdict().problem, HasSubstr("missing: " + files[2].path.filename().string()));
    std::filesystem::remove(files[0].path);
    EXPECT_THAT(verdict().problem, HasSubstr("entries 1 to"));
}

TEST_F(AuditFilesTest, AMissingEndIsFoundAlsoWhenItGoesOn) {
    write(5);
    auto text = textOf(kFirst);
    put(kFirst, text.substr(0, text.find("{\"n\":4")));
    EXPECT_THAT(verdict().problem, HasSubstr("the end is missing: entries 4 to 5 are gone"));
    written_ = 5;
    write(1);
    // The log tells of it, and the gap stays.
    EXPECT_THAT(shown(), ElementsAre("7 write Tag6", "6 audit.damaged audit", "3 write Tag3", "2 write Tag2",
                                     "1 write Tag1"));
    EXPECT_THAT(verdict().problem, HasSubstr("entries 4 to 5 are missing: audit-000000000006.jsonl"));
}

TEST_F(AuditFilesTest, AllFilesGoneIsFound) {
    write(3);
    std::filesystem::remove(folder_ / kFirst);
    EXPECT_THAT(verdict().problem, HasSubstr("entries 1 to 3 are gone"));
}

TEST_F(AuditFilesTest, ALastEntryThatWasRewrittenIsFound) {
    write(2);
    // With a chain that fits: only the head knows better.
    const auto text = textOf(kFirst);
    const auto first = text.substr(0, text.find('\n') + 1);
    const auto chain = first.substr(first.size() - 67, 64);
    put(kFirst, first + lineOf(2, entry("write", "Other"), chain).text);
    EXPECT_THAT(verdict().problem, HasSubstr(":2: entry 2 is not the one that was written"));
}

TEST_F(AuditFilesTest, WithoutItsHeadTheEndIsInDoubt) {
    write(2);
    std::filesystem::remove(folder_ / "head.json");
    EXPECT_THAT(verdict().problem, HasSubstr("head.json is missing"));
    written_ = 2;
    write(1);
    EXPECT_THAT(shown(),
                ElementsAre("4 write Tag3", "3 audit.damaged audit", "2 write Tag2", "1 write Tag1"));
}

TEST_F(AuditFilesTest, AGarbledHeadIsNamed) {
    write(2);
    put("head.json", "{\"n\":1}");
    EXPECT_THAT(verdict().problem, HasSubstr("head.json: expected"));
}

TEST_F(AuditFilesTest, ATornLastLineIsKeptAndTold) {
    write(2);
    put(kFirst, textOf(kFirst) + R"({"n":3,"time":17)");
    EXPECT_TRUE(verdict().intact) << "it may be being written";
    AuditWriter writer(folder_);
    ASSERT_TRUE(writer.append(std::vector{entry("write", "Tag3")}));
    EXPECT_THAT(shown(),
                ElementsAre("4 write Tag3", "3 audit.damaged audit", "2 write Tag2", "1 write Tag1"));
    EXPECT_TRUE(verdict().intact) << verdict().problem;
    std::string torn;
    for (const auto& each : std::filesystem::directory_iterator(folder_)) {
        if (each.path().string().find(".torn-") != std::string::npos) torn = textOf(each.path().filename());
    }
    EXPECT_EQ(torn, "{\"n\":3,\"time\":17");
}

TEST_F(AuditFilesTest, AHeadThatLagsBehindIsNoProblem) {
    write(2);
    const auto head = textOf("head.json");
    write(1);
    put("head.json", head);  // killed between the two writes
    EXPECT_TRUE(verdict().intact) << verdict().problem;
    write(1);
    EXPECT_TRUE(verdict().intact) << verdict().problem;
    EXPECT_EQ(verdict().entries, 4U);
}

TEST_F(AuditFilesTest, AGarbledLastLineStaysAndTheLogGoesOn) {
    write(3);
    auto text = textOf(kFirst);
    text.replace(text.find("{\"n\":3"), 6, "garbage");
    put(kFirst, text);
    AuditWriter writer(folder_);
    ASSERT_TRUE(writer.append(std::vector{entry("write", "next")}));
    EXPECT_THAT(shown().front(), HasSubstr("write next"));
    EXPECT_THAT(verdict().problem, HasSubstr(kFirst + ":3: "));
}

TEST_F(AuditFilesTest, QuestionsAreFiltered) {
    AuditWriter writer(folder_);
    auto refused = entry("user.add", "bert", "root");
    refused.outcome = AuditOutcome::Refused;
    refused.detail = "there is a user 'Bert' already";
    auto later = entry("user", "x", "root");
    later.time += std::chrono::seconds{10};
    ASSERT_TRUE(writer.append(std::vector{entry("login", "anna"), refused, entry("username", "y"), later}));
    const auto of = [&](auto set) {
        AuditQuestion question;
        set(question);
        std::vector<std::uint64_t> numbers;
        const auto page = readPage(folder_, question).value();
        for (const auto& each : page.entries) numbers.push_back(each.number);
        return numbers;
    };
    EXPECT_THAT(of([](auto& q) { q.user = "root"; }), ElementsAre(4, 2));
    EXPECT_THAT(of([](auto& q) { q.action = "user"; }), ElementsAre(4, 2));
    EXPECT_THAT(of([](auto& q) { q.action = "user.add"; }), ElementsAre(2));
    EXPECT_THAT(of([](auto& q) { q.text = "BERT"; }), ElementsAre(2));
    EXPECT_THAT(of([](auto& q) { q.text = "nobody"; }), ElementsAre());
    EXPECT_THAT(of([](auto& q) { q.outcome = AuditOutcome::Refused; }), ElementsAre(2));
    EXPECT_THAT(of([&](auto& q) { q.from = later.time; }), ElementsAre(4));
    EXPECT_THAT(of([&](auto& q) { q.to = later.time; }), ElementsAre(3, 2, 1));
    EXPECT_THAT(of([](auto& q) { q.limit = 0; }), ElementsAre(4)) << "one at least";
}

class AuditLogTest : public AuditFilesTest {
protected:
    template <class T, class Ask>
    static ServiceResult<T> answerOf(Ask ask) {
        auto promise = std::make_shared<std::promise<ServiceResult<T>>>();
        auto future = promise->get_future();
        ask(ServiceAnswer<T>([promise](ServiceResult<T> result) { promise->set_value(std::move(result)); }));
        return future.get();
    }
    static std::size_t entriesOf(AuditLog& log) {
        AuditQuestion question;
        question.limit = 1000;
        return answerOf<AuditPage>([&](auto answer) { log.read(question, std::move(answer)); })
            ->entries.size();
    }
};

TEST_F(AuditLogTest, WhatIsRecordedIsReadAndWhatWaitsIsWrittenAtTheEnd) {
    AuditLog log(folder_);
    EXPECT_FALSE(log.ready()) << "not before it was looked at";
    log.start();
    EXPECT_TRUE(log.ready());
    for (int i = 0; i < 100; ++i) log.record(entry("write"));
    EXPECT_EQ(entriesOf(log), 100U);
    const auto whole = answerOf<AuditVerdict>([&](auto answer) { log.verify(std::move(answer)); });
    EXPECT_TRUE(whole->intact) << whole->problem;
    EXPECT_EQ(whole->entries, 100U);
    log.record(entry("last"));
    log.stop();
    EXPECT_EQ(shown().front(), "101 last ");
    EXPECT_EQ(log.status().written, 101U);
}

TEST_F(AuditLogTest, WhereItCannotBeWrittenItIsNotReadyAndDropsAreTold) {
    // A file stands where its folder should be.
    std::ofstream(folder_.c_str()) << "in the way";
    AuditLog log(folder_, {.waitingBytes = 4000, .fileBytes = AuditWriter::kFileBytes});
    log.start();
    EXPECT_FALSE(log.ready());
    for (int i = 0; i < 100; ++i) log.record(entry("write", std::string(100, 'x')));
    EXPECT_GT(log.status().dropped, 0U);
    EXPECT_FALSE(log.status().writable);
    std::filesystem::remove(folder_);
    // It is tried again within a second; nothing else tells when.
    const auto until = SteadyClock::now() + std::chrono::seconds{20};
    while (!log.ready() && SteadyClock::now() < until) std::this_thread::yield();
    EXPECT_TRUE(log.ready());
    log.stop();
    EXPECT_EQ(log.status().written + log.status().dropped, 100U);
    AuditQuestion question;
    question.limit = 1000;
    const auto lines = shown(question);
    EXPECT_THAT(lines, testing::Contains(HasSubstr("audit.dropped")));
    EXPECT_TRUE(verdict().intact) << verdict().problem;
}

TEST_F(AuditLogTest, QuestionsAfterTheEndAreAnswered) {
    AuditLog log(folder_);
    log.start();
    log.stop();
    auto late = std::make_shared<std::optional<StatusCode>>();
    log.read({}, [late](auto result) { *late = result ? StatusCode{} : result.error().status; });
    log.stop();
    EXPECT_EQ(*late, kBadShutdown);
}

}  // namespace
}  // namespace tagwire::audit
