/// The journal: what was recorded and is in no chunk yet, commit by commit, in files that only grow
/// (FORMAT.md, "The journal"). Thread: the recorder's. Lifetime: owned by Storage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "history/archive.h"

namespace tagwire::history {

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

struct Commit {
    struct Series {
        SeriesId id;
        std::string_view path;
    };
    struct Samples {
        SeriesId id;
        std::size_t count;
        std::string_view log;
    };
    CommitId id;
    Timestamp time;
    std::vector<Series> series;
    std::vector<Samples> samples;
    bool end = false;
};

/// The error is for a text without meaning behind a right checksum.
[[nodiscard]] Result<Commit> readCommit(std::string_view bytes);

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

struct JournalEnd {
    /// Bytes after the last whole commit.
    std::uint64_t left = 0;
    /// They cannot be the beginning of a commit that was just being written.
    bool damaged = false;
};

/// Calls `take` for each commit; ends at the first that is not whole.
[[nodiscard]] StorageResult<JournalEnd> readJournal(const std::filesystem::path& file,
                                                    const std::function<void(const Commit&)>& take);

}  // namespace tagwire::history
