#include "history/journal.h"

#include <algorithm>
#include <array>
#include <cerrno>
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

constexpr std::string_view kMagic = "TWJRNL01";
constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".log";

enum class Part : std::uint8_t { Series = 1, Samples = 2, End = 3 };

/// Before each commit: its length and its checksum.
constexpr std::size_t kHeadBytes = 8;

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

/// A file from its beginning on, a piece at a time.
class FileReader {
public:
    explicit FileReader(const std::filesystem::path& path)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        struct stat status{};
        if (file_ >= 0 && ::fstat(file_, &status) == 0) left_ = static_cast<std::uint64_t>(status.st_size);
    }
    ~FileReader() {
        if (file_ >= 0) ::close(file_);
    }
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return file_ >= 0; }
    [[nodiscard]] std::uint64_t left() const noexcept { return left_; }
    /// The next `length` bytes, or what there is; false: the disk could not read them.
    [[nodiscard]] bool next(std::size_t length, std::string& out) {
        out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length, left_)));
        std::size_t done = 0;
        while (done < out.size()) {
            const auto got = ::read(file_, out.data() + done, out.size() - done);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            done += static_cast<std::size_t>(got);
        }
        left_ -= out.size();
        return true;
    }

private:
    int file_;
    std::uint64_t left_ = 0;
};

}  // namespace

CommitWriter::CommitWriter(CommitId id, Timestamp time) {
    ByteWriter out(bytes_);
    out.bytes(std::string_view("\0\0\0\0\0\0\0\0", kHeadBytes));  // filled in by append()
    out.varint(id.value());
    out.fixed(ticksOf(time));
}

void CommitWriter::addSeries(SeriesId id, std::string_view path) {
    ByteWriter out(bytes_);
    out.u8(static_cast<std::uint8_t>(Part::Series));
    out.varint(id.value());
    out.text(path);
}

void CommitWriter::addSamples(SeriesId id, std::size_t count, std::string_view log) {
    ByteWriter out(bytes_);
    out.u8(static_cast<std::uint8_t>(Part::Samples));
    out.varint(id.value());
    out.varint(count);
    out.text(log);
}

void CommitWriter::addEnd() { ByteWriter(bytes_).u8(static_cast<std::uint8_t>(Part::End)); }

Result<Commit> readCommit(std::string_view bytes) {
    ByteReader in(bytes);
    Commit commit;
    commit.id = CommitId{in.varint()};
    commit.time = Timestamp{Ticks{in.fixed<std::int64_t>()}};
    const auto series = [&] { return SeriesId{static_cast<std::uint32_t>(in.varint())}; };
    while (in.ok() && !in.atEnd()) {
        switch (static_cast<Part>(in.u8())) {
            case Part::Series: {
                const auto id = series();
                commit.series.push_back({id, in.text()});
                break;
            }
            case Part::Samples: {
                const auto id = series();
                const auto count = in.varint();
                commit.samples.push_back({id, static_cast<std::size_t>(count), in.text()});
                break;
            }
            case Part::End: commit.end = true; break;
            default: in.fail(); break;
        }
    }
    if (!in.ok()) return fail("a commit of the journal is damaged");
    return commit;
}

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
    if (!writeAll(journal.file_, kMagic, 0) || ::fdatasync(journal.file_) != 0 || !syncFolder(folder)) {
        auto error = systemError("the journal cannot be written");
        ::unlink(journal.path_.c_str());
        return tl::unexpected(std::move(error));
    }
    journal.length_ = kMagic.size();
    return journal;
}

StorageResult<void> Journal::append(const CommitWriter& commit) {
    const std::string_view payload = std::string_view(commit.bytes()).substr(kHeadBytes);
    std::array<char, kHeadBytes> head{};
    const auto length = static_cast<std::uint32_t>(payload.size());
    const auto sum = checksum(payload);
    std::memcpy(head.data(), &length, sizeof length);
    std::memcpy(head.data() + sizeof length, &sum, sizeof sum);
    const auto cut = [this] { return ::ftruncate(file_, static_cast<off_t>(length_)) == 0; };
    if (torn_ && !cut()) return tl::unexpected(systemError("the journal cannot be repaired"));
    torn_ = false;
    if (!writeAll(file_, payload, length_ + kHeadBytes) ||
        !writeAll(file_, std::string_view(head.data(), head.size()), length_) || ::fdatasync(file_) != 0) {
        auto error = systemError("the journal cannot be written");
        torn_ = !cut();
        return tl::unexpected(std::move(error));
    }
    length_ += kHeadBytes + payload.size();
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

StorageResult<JournalEnd> readJournal(const std::filesystem::path& file,
                                      const std::function<void(const Commit&)>& take) {
    const auto unreadable = [] { return tl::unexpected(systemError("the journal cannot be read")); };
    FileReader reader(file);
    if (!reader.isOpen()) return unreadable();
    std::string bytes;
    if (!reader.next(kMagic.size(), bytes)) return unreadable();
    if (bytes != kMagic) {
        // A file of which not even the beginning was written, when the program or the power went.
        return JournalEnd{.left = reader.left() + bytes.size(), .damaged = !kMagic.starts_with(bytes)};
    }
    while (reader.left() > 0) {
        const auto left = reader.left();
        if (!reader.next(kHeadBytes, bytes)) return unreadable();
        ByteReader head(bytes);
        const auto length = head.fixed<std::uint32_t>();
        const auto sum = head.fixed<std::uint32_t>();
        const bool there = head.ok() && length > 0 && length <= reader.left();
        if (there && !reader.next(length, bytes)) return unreadable();
        const bool whole = there && checksum(bytes) == sum;
        const auto commit = whole ? readCommit(bytes) : Result<Commit>(fail({}));
        if (!commit) {
            // The pages of the last commit reach the disk in any order, its head perhaps last. Where
            // something comes after a wrong one, it was whole once.
            const bool last = !there || (!whole && reader.left() == 0);
            return JournalEnd{.left = left, .damaged = !last};
        }
        take(*commit);
    }
    return JournalEnd{};
}

}  // namespace tagwire::history
