/// The journal: what was recorded and is in no chunk yet, commit by commit, in files that only grow
/// (FORMAT.md, "The journal"). Thread: the recorder's. Lifetime: owned by Storage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "history/archive.h"

namespace tagwire::history {

inline constexpr std::string_view kJournalMagic = "TWJRNL01";
/// Before each commit: its length and its checksum.
inline constexpr std::size_t kCommitHeadBytes = 8;

enum class JournalPart : std::uint8_t { Series = 1, Samples = 2, End = 3 };

/// What one commit says, in the order it is written.
class CommitWriter {
public:
    CommitWriter(CommitId id, Timestamp time);
    /// Before the first samples of a series that the database does not know yet.
    void addSeries(SeriesId id, std::string_view path);
    /// Part of a SampleLog, from a mark to another.
    void addSamples(SeriesId id, std::size_t count, std::string_view log);
    /// The program ends here, in order.
    void addEnd();

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

private:
    std::string bytes_;
};

class Journal {
public:
    Journal() = default;
    ~Journal();
    Journal(Journal&& other) noexcept;
    Journal& operator=(Journal&& other) noexcept;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Makes a file for the commits from `first` on.
    [[nodiscard]] static StorageResult<Journal> create(const std::filesystem::path& folder, CommitId first);

    /// Durable when it returns. After an error the file is as it was before.
    [[nodiscard]] StorageResult<void> append(const CommitWriter& commit);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return length_; }

private:
    std::filesystem::path path_;
    int file_ = -1;
    std::uint64_t length_ = 0;
    bool torn_ = false;  ///< an append failed, and so did cutting its beginning off
};

/// The journal files of a folder, oldest first.
[[nodiscard]] std::vector<std::filesystem::path> journalFiles(const std::filesystem::path& folder);
/// By the name of one; 0 where it says none.
[[nodiscard]] CommitId firstCommit(const std::filesystem::path& journal);

}  // namespace tagwire::history
