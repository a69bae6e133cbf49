#include "audit/audit_verify.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "audit/audit_folder.h"
#include "audit/audit_line.h"
#include "audit/open_log_file.h"

namespace tagwire::audit {
namespace {

std::string entriesText(std::uint64_t first, std::uint64_t last) {
    return first == last ? fmt::format("entry {} is", first)
                         : fmt::format("entries {} to {} are", first, last);
}

/// Goes through the files in order; the first problem ends it.
class Walk {
public:
    explicit Walk(const std::optional<Head>& head) : head_(head) {}

    [[nodiscard]] Result<void> file(const LogFile& file, bool last);
    void atEnd();
    [[nodiscard]] AuditVerdict verdict() && {
        verdict_.intact = verdict_.problem.empty();
        return std::move(verdict_);
    }
    [[nodiscard]] bool isBroken() const noexcept { return !verdict_.problem.empty(); }

private:
    void line(std::string_view text, const std::string& at);
    void broken(std::string problem) { verdict_.problem = std::move(problem); }

    const std::optional<Head>& head_;
    AuditVerdict verdict_;
    std::uint64_t number_ = 0;
    std::string chain_ = firstChain();
};

Result<void> Walk::file(const LogFile& file, bool last) {
    const auto name = file.path.filename().string();
    if (file.first > number_ + 1) {
        broken(fmt::format("{} missing: {} begins with entry {}", entriesText(number_ + 1, file.first - 1),
                           name, file.first));
        return {};
    }
    const auto opened = OpenLogFile::open(file.path);
    if (!opened) return tl::unexpected(opened.error());
    std::string buffer;
    std::uint64_t lines = 0;
    for (std::uint64_t offset = 0; offset < opened->size() && !isBroken();) {
        const auto count = std::min<std::uint64_t>(opened->size() - offset, BackwardLines::kBlockBytes);
        const auto block = opened->bytes(offset, count);
        if (block.size() < count) return fail(fmt::format("{} cannot be read", file.path.string()));
        offset += count;
        buffer += block;
        std::size_t done = 0;
        for (auto end = buffer.find('\n'); end != std::string::npos && !isBroken();
             end = buffer.find('\n', done)) {
            line(std::string_view(buffer).substr(done, end - done), fmt::format("{}:{}", name, ++lines));
            done = end + 1;
        }
        buffer.erase(0, done);
        if (buffer.size() > kMaxLineBytes && !isBroken())
            broken(fmt::format("{}:{}: the line is longer than any entry", name, lines + 1));
    }
    // At the end of the last file one may be just being written.
    if (!buffer.empty() && !isBroken() && !last)
        broken(fmt::format("{}:{}: the line has no end", name, lines + 1));
    return {};
}

void Walk::line(std::string_view text, const std::string& at) {
    const auto parsed = parseLine(text);
    if (!parsed) return broken(fmt::format("{}: {}", at, parsed.error().message));
    const auto number = parsed->numbered.number;
    if (number > number_ + 1)
        return broken(
            fmt::format("{}: {} missing before entry {}", at, entriesText(number_ + 1, number - 1), number));
    if (number <= number_)
        return broken(fmt::format("{}: entry {} comes after entry {}", at, number, number_));
    if (parsed->chain != nextChain(chain_, parsed->body)) {
        return broken(fmt::format(
            "{}: entry {} was changed, or the one before it: its chain of hashes is broken", at, number));
    }
    if (head_ && number == head_->number && parsed->chain != head_->chain)
        return broken(
            fmt::format("{}: entry {} is not the one that was written: head.json knows another", at, number));
    number_ = number;
    chain_ = parsed->chain;
    ++verdict_.entries;
}

void Walk::atEnd() {
    if (isBroken()) return;
    if (!head_) {
        if (number_ > 0) broken("head.json is missing: whether the end is whole cannot be told");
    } else if (head_->number > number_) {
        broken(fmt::format("the end is missing: {} gone, of {} that were written",
                           entriesText(number_ + 1, head_->number), head_->number));
    }
}

}  // namespace

Result<AuditVerdict> verifyLog(const std::filesystem::path& folder) {
    // The head first: what is written meanwhile comes behind it.
    const auto head = readHead(folder);
    if (!head) return AuditVerdict{.intact = false, .entries = 0, .problem = head.error().message};
    const auto files = filesOf(folder);
    if (!files) return tl::unexpected(files.error());
    Walk walk(*head);
    for (const auto& file : *files) {
        if (auto read = walk.file(file, &file == &files->back()); !read) return tl::unexpected(read.error());
        if (walk.isBroken()) break;
    }
    walk.atEnd();
    return std::move(walk).verdict();
}

}  // namespace tagwire::audit
