#include "audit/audit_query.h"

#include <algorithm>
#include <cctype>
#include <ranges>
#include <string_view>

#include "audit/audit_folder.h"
#include "audit/audit_line.h"
#include "audit/open_log_file.h"

namespace tagwire::audit {
namespace {

bool containsAlike(std::string_view text, std::string_view part) {
    const auto alike = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    return !std::ranges::search(text, part, alike).empty() || part.empty();
}

bool isActionOf(std::string_view action, std::string_view asked) {
    return asked.empty() || action == asked ||
           (action.size() > asked.size() && action.starts_with(asked) && action[asked.size()] == '.');
}

bool fits(const NumberedAuditEntry& numbered, const AuditQuestion& question) {
    const auto& entry = numbered.entry;
    return (!question.before || numbered.number < *question.before) &&
           (!question.from || entry.time >= *question.from) && (!question.to || entry.time < *question.to) &&
           (question.user.empty() || entry.user == question.user) &&
           isActionOf(entry.action, question.action) &&
           (!question.outcome || entry.outcome == *question.outcome) &&
           (containsAlike(entry.target, question.text) || containsAlike(entry.detail, question.text));
}

/// False: the page is full, and there is one more.
bool addOfFile(const OpenLogFile& file, const AuditQuestion& question, std::size_t limit, AuditPage& page) {
    auto lines = file.backward();
    while (const auto text = lines.next()) {
        auto line = parseLine(*text);
        if (!line || !fits(line->numbered, question)) continue;
        if (page.entries.size() == limit) {
            page.more = true;
            return false;
        }
        page.entries.push_back(std::move(line->numbered));
    }
    return true;
}

}  // namespace

Result<AuditPage> readPage(const std::filesystem::path& folder, const AuditQuestion& question) {
    const auto files = filesOf(folder);
    if (!files) return tl::unexpected(files.error());
    const auto limit = std::clamp<std::size_t>(question.limit, 1, kMaxPageEntries);
    AuditPage page;
    for (const auto& file : std::views::reverse(*files)) {
        if (question.before && file.first >= *question.before) continue;
        const auto opened = OpenLogFile::open(file.path);
        if (!opened) return tl::unexpected(opened.error());
        if (!addOfFile(*opened, question, limit, page)) break;
    }
    return page;
}

}  // namespace tagwire::audit
