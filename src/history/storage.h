/// What keeps samples safe: in memory and in the journal at once, in chunks of the database later.
/// Thread: the recorder's. Lifetime: owned by the recorder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "history/archive.h"
#include "history/chunk.h"
#include "history/folder_lock.h"
#include "history/journal.h"
#include "history/journal_reader.h"
#include "history/sample_log.h"
#include "model/tag_path.h"

namespace tagwire::history {

struct StorageLimits {
    /// Chunks older than that are removed.
    std::optional<Ticks> keep;
    /// Of the database; the chunks written first are removed.
    std::int64_t maxBytes = std::int64_t{10} << 30U;
    /// Samples in memory: from here on they are made into chunks, even small ones.
    std::size_t sweepBytes = std::size_t{24} << 20U;
    /// Full: further samples are refused. Reached only while the disk takes nothing.
    std::size_t fullBytes = std::size_t{64} << 20U;
    /// The journal is emptied when it is longer, or older; it is what has to be read after a crash.
    std::uint64_t journalBytes = std::uint64_t{128} << 20U;
    std::chrono::seconds journalAge{3600};
};

/// The samples of a series that are in no chunk, as a query needs them.
struct Head {
    SeriesId series;
    CommitId through;
    std::string log;
};

/// A sample is *recorded* when append() took it, *durable* after the next commit(), and sooner or later
/// *packed* into a chunk by maintain(). Every error is a state (problem()), tried again with the next call:
/// what is recorded stays in memory until then.
class Storage {
public:
    Storage(std::filesystem::path folder, StorageLimits limits);

    /// Makes the folder, or takes up what the last run left. A damaged file is set aside, and a new one
    /// begun. To be called again when it failed.
    [[nodiscard]] bool open(Timestamp now);
    [[nodiscard]] bool isOpen() const noexcept { return open_; }

    /// The number of a tag, for ever. Only when open.
    [[nodiscard]] SeriesId seriesOf(const TagPath& path);
    [[nodiscard]] const SeriesId* find(const std::string& path) const;
    /// Of all tags of which there may be something.
    [[nodiscard]] std::vector<std::string> paths() const;
    /// Time of the latest sample of earlier runs, and of this one.
    [[nodiscard]] Timestamp newest(SeriesId id) const { return series_[id.index()].newest; }
    /// When the last run ended.
    [[nodiscard]] const std::optional<Stop>& lastStop() const noexcept { return lastStop_; }

    /// False when full: the sample is not recorded.
    [[nodiscard]] bool append(SeriesId id, const HistorySample& sample);
    [[nodiscard]] bool isFull() const noexcept { return headBytes_ >= limits_.fullBytes; }

    /// What was recorded before is durable when it returns true.
    bool commit(Timestamp now);
    /// Packs, removes what is too old. True: there is more to do.
    bool maintain(Timestamp now);
    /// commit(), and a note that the program ended in order.
    bool end(Timestamp now);

    [[nodiscard]] Head head(SeriesId id) const;

    /// In words for an administrator; empty while all is well.
    [[nodiscard]] const std::string& problem() const noexcept {
        return journalProblem_.empty() ? archiveProblem_ : journalProblem_;
    }
    /// The last that is durable. Only when open.
    [[nodiscard]] CommitId lastCommit() const noexcept { return lastCommit_; }
    /// Increases whenever the database was replaced by a new one.
    [[nodiscard]] std::uint64_t archiveNumber() const noexcept { return archiveNumber_; }
    /// Samples that were durable once, and could not be packed because they could not be read any more.
    [[nodiscard]] std::uint64_t unreadable() const noexcept { return unreadable_; }
    /// Files that were found damaged since the program began; the log says which, and what became of them.
    [[nodiscard]] std::size_t damagedFiles() const noexcept { return damagedFiles_.size(); }
    [[nodiscard]] std::int64_t archiveBytes() const noexcept { return archiveBytes_; }
    [[nodiscard]] std::uint64_t journalBytes() const noexcept { return oldJournalBytes_ + journal_.bytes(); }
    [[nodiscard]] std::size_t seriesCount() const noexcept { return byPath_.size(); }

private:
    struct Series {
        std::string path;
        SampleLog log;
        /// Of the log: what is durable.
        std::size_t committedBytes = 0;
        std::size_t committedSamples = 0;
        /// Of the first of these; 0: there are none.
        CommitId oldest;
        /// What is in chunks.
        CommitId through;
        Timestamp newest{Ticks::min()};
        Timestamp packedTo{Ticks::min()};
        /// Of the latest chunks, while they are small.
        std::uint32_t smallSamples = 0;
        std::uint32_t smallChunks = 0;
        std::uint8_t declared = 0;  ///< how often, in this file of the journal
        bool inArchive = false;
        bool touched = false;  ///< has samples that are not durable
        bool waits = false;    ///< to be packed
    };

    /// Not later, and not so long ago that the clock must have been set: then it is due, too.
    [[nodiscard]] static bool isDue(Timestamp last, Ticks interval, Timestamp now) noexcept;

    StorageResult<void> openFiles(Timestamp now);
    StorageResult<void> openArchive();
    StorageResult<void> replaceArchive(const StorageError& error, Timestamp now);
    StorageResult<void> readSeries();
    void recover(Timestamp now);
    std::size_t recover(const Commit& commit);
    StorageResult<void> noteGaps();
    [[nodiscard]] bool keepCopy(const std::filesystem::path& file, Timestamp now) const;
    StorageResult<void> newJournal(Timestamp now);
    void setAside(const std::filesystem::path& file, Timestamp now);
    Series& ensure(SeriesId id);

    StorageResult<void> writeCommit(Timestamp now, bool end);
    void wantPacked(SeriesId id);
    bool sweepIsDue(Timestamp now) const;
    StorageResult<void> beginSweep(Timestamp now);
    void endSweep();
    StorageResult<void> pack(const std::vector<SeriesId>& batch);
    StorageResult<void> packOne(SeriesId id);
    StorageResult<void> addChunks(SeriesId id, std::vector<HistorySample> samples);
    StorageResult<bool> removeOld(Timestamp now);
    void archiveFailed(const StorageError& error, Timestamp now);

    const std::filesystem::path folder_;
    const StorageLimits limits_;
    FolderLock lock_;
    Archive archive_;
    Journal journal_;
    std::vector<std::filesystem::path> oldJournals_;
    std::uint64_t oldJournalBytes_ = 0;
    ChunkWriter writer_;
    ChunkReader reader_;

    std::vector<Series> series_;
    std::unordered_map<std::string, SeriesId> byPath_;
    std::vector<SeriesId> touched_;
    std::vector<SeriesId> waiting_;
    std::size_t headBytes_ = 0;

    bool open_ = false;
    CommitId lastCommit_;
    Timestamp lastCommitTime_;
    std::optional<Stop> lastStop_;
    std::vector<Stop> gaps_;  ///< found while opening
    bool sweeping_ = false;
    Timestamp journalBegan_;
    Timestamp packedAt_;
    Timestamp removedAt_;
    Timestamp archiveFailedAt_;
    std::string journalProblem_;
    std::string archiveProblem_;
    std::uint64_t archiveNumber_ = 0;
    std::uint64_t unreadable_ = 0;
    std::set<std::filesystem::path> damagedFiles_;
    std::int64_t archiveBytes_ = 0;
};

}  // namespace tagwire::history
