#include "audit/audit_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/backward_lines.h"

namespace tagwire::audit {
namespace {

using testing::HasSubstr;
using testing::Not;

AuditEntry sample() {
    return {.time = fromUnixMillis(1'795'435'200'123),
            .user = "anna",
            .token = "script",
            .address = "10.0.0.1",
            .action = "write",
            .target = "Line1.Oven.SetPoint",
            .before = "80",
            .after = "85.5",
            .outcome = AuditOutcome::Refused,
            .detail = "above the limit"};
}

std::string_view withoutEnd(const WrittenLine& line) {
    return std::string_view(line.text).substr(0, line.text.size() - 1);
}

TEST(AuditLineTest, TheFormatAsDescribed) {
    const auto line = lineOf(7, sample(), firstChain());
    EXPECT_EQ(
        line.text,
        R"({"n":7,"time":1795435200123,"user":"anna","token":"script","address":"10.0.0.1","action":"write",)"
        R"("target":"Line1.Oven.SetPoint","before":"80","after":"85.5","detail":"above the limit",)"
        R"("outcome":"refused","chain":")" +
            line.chain + "\"}\n");
    // printf '%s%s' CHAIN BODY | sha256sum, as FORMAT.md says.
    EXPECT_EQ(line.chain, nextChain(std::string(64, '0'), line.text.substr(0, line.text.find(",\"chain\""))));
    EXPECT_EQ(nextChain("", "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(AuditLineTest, IsReadBack) {
    const auto line = lineOf(7, sample(), firstChain());
    const auto parsed = parseLine(withoutEnd(line));
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto& entry = parsed->numbered.entry;
    EXPECT_EQ(parsed->numbered.number, 7U);
    EXPECT_EQ(entry.time, sample().time);
    EXPECT_EQ(entry.user, "anna");
    EXPECT_EQ(entry.token, "script");
    EXPECT_EQ(entry.target, "Line1.Oven.SetPoint");
    EXPECT_EQ(entry.before, "80");
    EXPECT_EQ(entry.after, "85.5");
    EXPECT_EQ(entry.outcome, AuditOutcome::Refused);
    EXPECT_EQ(entry.detail, "above the limit");
    EXPECT_EQ(parsed->chain, line.chain);
    EXPECT_EQ(nextChain(firstChain(), parsed->body), line.chain);
}

TEST(AuditLineTest, NothingForgesLinesNorDrivesATerminal) {
    AuditEntry entry;
    entry.target = "a\nb\r\x1b[2J\x7F \xC2\x9B \xE2\x80\xAE \xFF \"end\"";
    const auto line = lineOf(1, entry, firstChain());
    EXPECT_EQ(std::ranges::count(line.text, '\n'), 1);
    for (const auto* harmful : {"\r", "\x1b", "\x7F", "\xC2\x9B", "\xE2\x80\xAE", "\xFF"})
        EXPECT_THAT(line.text, Not(HasSubstr(harmful)));
    EXPECT_THAT(line.text, HasSubstr(R"(a\nb\r\u001b[2J\u007f \u009b \u202e)"));
    const auto parsed = parseLine(withoutEnd(line));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->numbered.entry.target, "a\nb\r\x1b[2J\x7F \xC2\x9B \xE2\x80\xAE \xEF\xBF\xBD \"end\"");
}

TEST(AuditLineTest, WhatIsTooLongIsCutBetweenCharacters) {
    AuditEntry entry;
    for (auto* field : {&entry.user, &entry.target, &entry.before, &entry.after, &entry.detail})
        for (int i = 0; i < 100'000; ++i) *field += "\xE6\xB8\xA9";
    const auto line = lineOf(1, entry, firstChain());
    EXPECT_LT(line.text.size(), kMaxLineBytes);
    const auto parsed = parseLine(withoutEnd(line));
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_TRUE(parsed->numbered.entry.target.ends_with("\xE6\xB8\xA9\xE2\x80\xA6"));
    AuditEntry worst;
    for (auto* field : {&worst.user, &worst.token, &worst.address, &worst.action, &worst.target,
                        &worst.before, &worst.after, &worst.detail})
        field->assign(100'000, '\x01');
    EXPECT_TRUE(parseLine(withoutEnd(lineOf(~std::uint64_t{0} >> 1U, worst, firstChain()))));
}

TEST(AuditLineTest, WhatIsWrongIsNamed) {
    const auto good = std::string(withoutEnd(lineOf(7, sample(), firstChain())));
    const auto why = [](const std::string& line) {
        const auto parsed = parseLine(line);
        return parsed ? std::string() : parsed.error().message;
    };
    const auto replaced = [&](std::string_view from, std::string_view to) {
        auto line = good;
        return line.replace(line.find(from), from.size(), to);
    };
    EXPECT_EQ(why(good), "");
    EXPECT_THAT(why(""), HasSubstr("does not end with its chain"));
    EXPECT_THAT(why(good.substr(0, good.size() - 1)), HasSubstr("does not end with its chain"));
    EXPECT_THAT(why(replaced("\"n\":7", "\"n\":0")), HasSubstr("\"n\""));
    EXPECT_THAT(why(replaced("\"n\":7", "\"n\":\"7\"")), HasSubstr("\"n\""));
    EXPECT_THAT(why(replaced("1795435200123", "1e99")), HasSubstr("\"time\""));
    EXPECT_THAT(why(replaced("\"anna\"", "17")), HasSubstr("\"user\""));
    EXPECT_THAT(why(replaced("\"refused\"", "\"maybe\"")), HasSubstr("\"outcome\""));
    EXPECT_THAT(why(replaced("\"token\"", "\"other\"")), HasSubstr("members"));
    EXPECT_THAT(why(replaced("\"token\"", "\"user\"")), HasSubstr("twice"));
    EXPECT_THAT(why(std::string(kMaxLineBytes + 1, 'x')), HasSubstr("longer"));
}

BackwardLines linesOf(const std::string& text, std::size_t block) {
    return {[&text](std::uint64_t offset, std::span<char> to) {
                std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
                return true;
            },
            text.size(), block};
}

TEST(BackwardLinesTest, TheLastFirstWhateverTheBlocks) {
    const std::string text = "one\ntwo\n\nfour\nbeing writt";
    for (std::size_t block = 1; block < 30; ++block) {
        auto lines = linesOf(text, block);
        for (const auto* expected : {"four", "", "two", "one"}) EXPECT_EQ(lines.next(), expected) << block;
        EXPECT_EQ(lines.next(), std::nullopt);
        EXPECT_EQ(lines.next(), std::nullopt);
    }
}

TEST(BackwardLinesTest, WhatIsLongerThanEntriesIsPassedOver) {
    const std::string text = "one\n" + std::string(3 * kMaxLineBytes, 'x') + "\nthree\n";
    auto lines = linesOf(text, 1000);
    EXPECT_EQ(lines.next(), "three");
    EXPECT_EQ(lines.next(), "one");
    EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(BackwardLinesTest, EmptyAndUnreadable) {
    auto none = linesOf(std::string(), 10);
    EXPECT_EQ(none.next(), std::nullopt);
    const std::string noEnd(100, 'x');
    auto torn = linesOf(noEnd, 10);
    EXPECT_EQ(torn.next(), std::nullopt);
    BackwardLines broken([](std::uint64_t, std::span<char>) { return false; }, 100);
    EXPECT_EQ(broken.next(), std::nullopt);
}

}  // namespace
}  // namespace tagwire::audit
