#include "app/audit_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "app/console.h"
#include "app/security_console.h"
#include "audit/audit_folder.h"
#include "audit/audit_line.h"
#include "audit/audit_query.h"
#include "audit/audit_verify.h"
#include "base/time_text.h"

namespace tagwire::app {
namespace {

constexpr int kBroken = 1;

constexpr std::string_view kAuditUsage =
    "usage: tagwire audit verify\n"
    "       tagwire audit show [--user NAME] [--action ACTION] [--text TEXT] [--outcome OUTCOME]\n"
    "                          [--from TIME] [--to TIME] [--limit N]\n"
    "each with [--config PATH | --folder FOLDER]; without, the folder security\n"
    "\n"
    "verify follows the chain of hashes over the whole log, and names file and line of the first break. The "
    "last\n"
    "number and hash that it prints belong into safe keeping elsewhere: they prove later that nothing before "
    "them\n"
    "was changed. show prints entries as JSON, one a line, the latest first; ACTION `user` are also user.add "
    "and\n"
    "the like, OUTCOME is done, refused or failed.\n"
    "\n"
    "Exit codes: 0 all is well; 1 the log is not as it was written; 2 it could not be done.\n";

constexpr std::array<std::string_view, 10> kAuditOptions{
    kConfigOption, kConfigOptionShort, kFolderOption, "--user", "--action",
    "--text",      "--outcome",        "--from",      "--to",   "--limit"};

int verifyAudit(const std::filesystem::path& folder) {
    const auto verdict = audit::verifyLog(folder);
    if (!verdict) return complain(verdict.error().message);
    if (!verdict->intact) {
        fmt::print("{}\n{} entries before are whole\n", verdict->problem, verdict->entries);
        return kBroken;
    }
    const auto head = audit::readHead(folder);
    fmt::print("{} entries, all as they were written", verdict->entries);
    if (head && *head) fmt::print("; the last one is {} with {}", (*head)->number, (*head)->chain);
    fmt::print("\n");
    return 0;
}

Result<AuditOutcome> outcomeOf(std::string_view text) {
    for (const auto outcome : {AuditOutcome::Done, AuditOutcome::Refused, AuditOutcome::Failed}) {
        if (audit::nameOf(outcome) == text) return outcome;
    }
    return fail(fmt::format("'{}' is no outcome; there are done, refused and failed", text));
}

Result<AuditQuestion> questionOf(const ConsoleWords& words) {
    AuditQuestion question;
    if (const auto* user = words.option("--user")) question.user = *user;
    if (const auto* action = words.option("--action")) question.action = *action;
    if (const auto* text = words.option("--text")) question.text = *text;
    if (const auto* text = words.option("--outcome")) {
        const auto outcome = outcomeOf(*text);
        if (!outcome) return tl::unexpected(outcome.error());
        question.outcome = *outcome;
    }
    for (const auto* name : {"--from", "--to"}) {
        const auto* text = words.option(name);
        if (text == nullptr) continue;
        const auto time = parseTime(*text);
        if (!time) return fail(fmt::format("{}: {}", name, time.error().message));
        (std::string_view(name) == "--from" ? question.from : question.to) = *time;
    }
    if (const auto* text = words.option("--limit")) {
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), question.limit);
        if (error != std::errc{} || end != text->data() + text->size() || question.limit < 1)
            return fail(fmt::format("--limit: '{}' is no number from 1", *text));
    }
    return question;
}

int showAudit(const std::filesystem::path& folder, AuditQuestion question) {
    auto left = question.limit;
    while (left > 0) {
        question.limit = std::min(left, audit::kMaxPageEntries);
        const auto page = audit::readPage(folder, question);
        if (!page) return complain(page.error().message);
        for (const auto& each : page->entries) fmt::print("{}\n", audit::textOf(each));
        left -= page->entries.size();
        if (!page->more) break;
        question.before = page->entries.back().number;
    }
    return 0;
}

}  // namespace

int runAuditCommand(std::span<const std::string_view> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h") {
        fmt::print("{}", kAuditUsage);
        return words.empty() ? kConsoleProblem : 0;
    }
    const bool verifies = words[0] == "verify";
    if (!verifies && words[0] != "show")
        return complain(
            fmt::format("'{}' is no command of tagwire audit; there are verify and show", words[0]));
    const auto rest = consoleWords(words.subspan(1), kAuditOptions, "audit");
    if (!rest) return complain(rest.error().message);
    if (!rest->names.empty()) return complain(fmt::format("{} takes no name", words[0]));
    const auto folder = securityFolder(*rest);
    if (!folder) return complain(folder.error().message);
    const auto log = auditFolderOf(*folder);
    std::error_code error;
    if (!std::filesystem::exists(log, error))
        return complain(fmt::format("there is no folder {}", log.string()));
    if (verifies) return verifyAudit(log);
    const auto question = questionOf(*rest);
    if (!question) return complain(question.error().message);
    return showAudit(log, *question);
}

}  // namespace tagwire::app
