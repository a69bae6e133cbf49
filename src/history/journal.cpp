#include "history/journal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/bytes.h"
#include "history/checksum.h"

namespace tagwire::history {
namespace {

constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".log";

StorageError systemError(std::string_view what) {
    return {.message = fmt::format("{}: {}", what, std::generic_category().message(errno)), .damaged = false};
}

bool writeAll(int file, std::string_view bytes, std::uint64_t at) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return true;
}

/// A new file is there after a loss of power only when its folder is on the disk, too.
bool syncFolder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return synced;
}

}  // namespace

CommitWriter::CommitWriter(CommitId id, Timestamp time) {
    ByteWriter out(bytes_);
    out.bytes(std::string_view("\0\0\0\0\0\0\0\0", kCommitHeadBytes));  // filled in by append()
    out.varint(id.value());
    out.fixed(ticksOf(time));
}

void CommitWriter::addSeries(SeriesId id, std::string_view path) {
    ByteWriter out(bytes_);
    out.u8(static_cast<std::uint8_t>(JournalPart::Series));
    out.varint(id.value());
    out.text(path);
}

void CommitWriter::addSamples(SeriesId id, std::size_t count, std::string_view log) {
    ByteWriter out(bytes_);
    out.u8(static_cast<std::uint8_t>(JournalPart::Samples));
    out.varint(id.value());
    out.varint(count);
    out.text(log);
}

void CommitWriter::addEnd() { ByteWriter(bytes_).u8(static_cast<std::uint8_t>(JournalPart::End)); }

Journal::~Journal() {
    if (file_ >= 0) ::close(file_);
}

Journal::Journal(Journal&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      length_(other.length_),
      torn_(other.torn_) {}

Journal& Journal::operator=(Journal&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(length_, other.length_);
    std::swap(torn_, other.torn_);
    return *this;
}

StorageResult<Journal> Journal::create(const std::filesystem::path& folder, CommitId first) {
    Journal journal;
    // Twenty digits, so that the names sort like the numbers.
    journal.path_ = folder / fmt::format("{}{:020}{}", kPrefix, first.value(), kSuffix);
    journal.file_ = ::open(journal.path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (journal.file_ < 0) return tl::unexpected(systemError("the journal cannot be made"));
    if (!writeAll(journal.file_, kJournalMagic, 0) || ::fdatasync(journal.file_) != 0 ||
        !syncFolder(folder)) {
        auto error = systemError("the journal cannot be written");
        ::unlink(journal.path_.c_str());
        return tl::unexpected(std::move(error));
    }
    journal.length_ = kJournalMagic.size();
    return journal;
}

StorageResult<void> Journal::append(const CommitWriter& commit) {
    const std::string_view payload = std::string_view(commit.bytes()).substr(kCommitHeadBytes);
    std::array<char, kCommitHeadBytes> head{};
    const auto length = static_cast<std::uint32_t>(payload.size());
    const auto sum = checksum(payload);
    std::memcpy(head.data(), &length, sizeof length);
    std::memcpy(head.data() + sizeof length, &sum, sizeof sum);
    const auto cut = [this] { return ::ftruncate(file_, static_cast<off_t>(length_)) == 0; };
    if (torn_ && !cut()) return tl::unexpected(systemError("the journal cannot be repaired"));
    torn_ = false;
    if (!writeAll(file_, payload, length_ + kCommitHeadBytes) ||
        !writeAll(file_, std::string_view(head.data(), head.size()), length_) || ::fdatasync(file_) != 0) {
        auto error = systemError("the journal cannot be written");
        torn_ = !cut();
        return tl::unexpected(std::move(error));
    }
    length_ += kCommitHeadBytes + payload.size();
    return {};
}

std::vector<std::filesystem::path> journalFiles(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

CommitId firstCommit(const std::filesystem::path& journal) {
    const auto name = journal.filename().string();
    std::uint64_t first = 0;
    if (name.size() > kPrefix.size())
        (void)std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), first);
    return CommitId{first};
}

}  // namespace tagwire::history
