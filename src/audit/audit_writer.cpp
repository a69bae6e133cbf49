#include "audit/audit_writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <ranges>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit_line.h"
#include "audit/backward_lines.h"
#include "audit/open_log_file.h"
#include "base/files.h"
#include "base/log.h"
#include "base/sha256.h"

namespace tagwire::audit {
namespace {

tl::unexpected<Error> cannotWrite(const std::filesystem::path& path) {
    return fail(
        fmt::format("{} cannot be written: {}", path.string(), std::generic_category().message(errno)));
}

/// Whether the folder's names are on the disk, too; where that cannot be asked for, they are soon.
void syncFolder(const std::filesystem::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() >= 0) (void)::fsync(opened.get());
}

}  // namespace

void AuditWriter::tell(std::string what) {
    log::error("audit", "{}", what);
    AuditEntry entry;
    entry.time = wallClockNow();
    entry.action = "audit.damaged";
    entry.target = folder_.filename().string();
    entry.outcome = AuditOutcome::Failed;
    entry.detail = std::move(what);
    found_.push_back(std::move(entry));
}

Result<void> AuditWriter::append(std::span<const AuditEntry> entries) {
    const auto lock = lockFolder(folder_);
    if (!lock) return tl::unexpected(lock.error());
    if (auto found = catchUp(); !found) return found;
    Head head = end_;
    std::string text;
    const auto add = [&](const AuditEntry& entry) {
        auto line = lineOf(++head.number, entry, head.chain);
        text += line.text;
        head.chain = std::move(line.chain);
    };
    std::ranges::for_each(found_, add);
    std::ranges::for_each(entries, add);
    if (text.empty()) return {};
    if (newFile_ || size_ >= fileBytes_) {
        if (auto opened = openFile(end_.number + 1); !opened) return opened;
    }
    if (auto written = write(text); !written) return written;
    end_ = std::move(head);
    found_.clear();
    // The entries are safe; a head that lags behind is found out and put right with the next ones.
    if (const auto kept = writeHead(folder_, end_); !kept) {
        endKnown_ = false;
        log::warning("audit", "{}", kept.error().message);
    }
    return {};
}

Result<void> AuditWriter::write(const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto written =
            ::pwrite(file_.get(), text.data() + done, text.size() - done, static_cast<off_t>(size_ + done));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        done += static_cast<std::size_t>(written);
    }
    if (done == text.size() && ::fdatasync(file_.get()) == 0) {
        size_ += done;
        return {};
    }
    auto error = cannotWrite(pathOfFile(folder_, first_));
    // What was written of it must not stand there twice.
    if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) endKnown_ = false;
    return error;
}

Result<void> AuditWriter::openFile(std::uint64_t first) {
    const auto path = pathOfFile(folder_, first);
    Descriptor opened(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    struct stat status{};
    if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0 || ::fchmod(opened.get(), 0600) != 0)
        return cannotWrite(path);
    syncFolder(folder_);
    file_ = std::move(opened);
    first_ = first;
    size_ = static_cast<std::uint64_t>(status.st_size);
    newFile_ = false;
    return {};
}

Result<void> AuditWriter::catchUp() {
    auto head = readHead(folder_);
    if (endKnown_ && head && *head && (*head)->number == end_.number && (*head)->chain == end_.chain) {
        // Nobody wrote since we did. Whether the file is still there is seen by its links.
        struct stat status{};
        const bool same = newFile_ || (::fstat(file_.get(), &status) == 0 && status.st_nlink > 0 &&
                                       static_cast<std::uint64_t>(status.st_size) == size_);
        if (same) return {};
    }
    if (!head) {
        tell(head.error().message);
        head = std::optional<Head>{};
    }
    return findEnd(*head);
}

Result<void> AuditWriter::findEnd(const std::optional<Head>& head) {
    endKnown_ = false;
    const auto files = filesOf(folder_);
    if (!files) return tl::unexpected(files.error());
    end_ = {.number = 0, .chain = firstChain()};
    newFile_ = true;
    if (!files->empty()) {
        if (auto cut = cutTornEnd(files->back()); !cut) return cut;
        if (auto read = readEnd(*files); !read) return read;
    }
    compare(head);
    endKnown_ = true;
    return {};
}

Result<void> AuditWriter::cutTornEnd(const LogFile& file) {
    const auto opened = OpenLogFile::open(file.path);
    if (!opened) return tl::unexpected(opened.error());
    const auto whole = opened->endOfLastLine();
    if (whole == opened->size()) return {};
    const auto torn = opened->bytes(whole, std::min<std::uint64_t>(opened->size() - whole, kMaxLineBytes));
    auto copy = file.path;
    copy += fmt::format(".torn-{}", toHex(sha256(torn)).substr(0, 12));
    if (auto kept = replaceFile(copy, torn, 0600); !kept) return kept;
    if (::truncate(file.path.c_str(), static_cast<off_t>(whole)) != 0) return cannotWrite(file.path);
    tell(fmt::format("{} ended within a line, as when the power fails; its {} bytes are kept as {}",
                     file.path.filename().string(), opened->size() - whole, copy.filename().string()));
    return {};
}

Result<void> AuditWriter::readEnd(const std::vector<LogFile>& files) {
    for (const auto& file : std::views::reverse(files)) {
        const auto opened = OpenLogFile::open(file.path);
        if (!opened) return tl::unexpected(opened.error());
        if (opened->size() == 0) continue;
        const auto last = opened->backward().next();
        const auto line = last ? parseLine(*last) : Result<AuditLine>(fail("its last line is too long"));
        if (!line) {
            tell(fmt::format("the last line of {} is not what was written: {}", file.path.filename().string(),
                             line.error().message));
            const auto text = opened->bytes(0, opened->size());
            end_.number = file.first - 1 + static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
            return {};
        }
        end_ = {.number = line->numbered.number, .chain = std::string(line->chain)};
        return openFile(file.first);
    }
    return {};
}

void AuditWriter::compare(const std::optional<Head>& head) {
    if (!head) {
        if (end_.number > 0)
            tell("head.json is missing: whether the end of the log was whole cannot be told");
        return;
    }
    const bool cut = head->number > end_.number;
    const bool other = head->number == end_.number && head->chain != end_.chain;
    if (!cut && !other) return;
    tell(cut ? fmt::format("{} entries were written, of which the last {} are missing", head->number,
                           head->number - end_.number)
             : fmt::format("entry {} is not the one that was written", head->number));
    // Its numbers and its chain go on from what was written, so that the break stays to be seen.
    end_ = *head;
    newFile_ = true;
}

}  // namespace tagwire::audit
