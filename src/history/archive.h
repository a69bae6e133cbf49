/// The database of chunks, as its only writer sees it (FORMAT.md, "The database").
/// Thread: the recorder's. Lifetime: owned by Storage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "history/sqlite.h"
#include "history/summary.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Number of a tag in the files; unlike a TagId for ever.
using SeriesId = StrongId<struct SeriesIdTag, std::uint32_t>;

/// Number of a commit of the journal, from 1, for ever.
using CommitId = StrongId<struct CommitIdTag, std::uint64_t>;

inline constexpr const char* kArchiveFile = "history.db";

/// From `time` on nothing is known of any tag until its next sample.
struct Stop {
    Timestamp time;
    StatusCode status;
};

class Archive {
public:
    /// Makes the file where there is none. A damaged one, or one of another program or a newer version, is an
    /// error.
    [[nodiscard]] static StorageResult<Archive> open(const std::filesystem::path& folder);

    struct SeriesRow {
        SeriesId id;
        std::string path;
        CommitId through;  ///< its samples up to this commit of the journal are in chunks
        Timestamp last;    ///< of its chunks
    };
    [[nodiscard]] StorageResult<std::vector<SeriesRow>> series();

    [[nodiscard]] StorageResult<void> begin() { return database_.run("BEGIN IMMEDIATE"); }
    /// Durable when it returns. After an error nothing of the transaction is there.
    [[nodiscard]] StorageResult<void> commit();
    void rollBack() { (void)database_.run("ROLLBACK"); }

    // Within a transaction:
    [[nodiscard]] StorageResult<void> addSeries(SeriesId id, std::string_view path);
    /// `through`: no later commit has samples of it.
    [[nodiscard]] StorageResult<void> addChunk(SeriesId series, const Summary& summary,
                                               std::string_view chunk, CommitId through);
    [[nodiscard]] StorageResult<void> setThrough(SeriesId series, CommitId through);
    [[nodiscard]] StorageResult<void> addStop(const Stop& stop);

    struct SmallChunk {
        std::int64_t row;
        std::string data;
    };
    /// The latest chunks of a series as long as they have fewer than `samples` samples, at most `limit`.
    [[nodiscard]] StorageResult<std::vector<SmallChunk>> smallChunks(SeriesId series, std::size_t samples,
                                                                     std::size_t limit);
    [[nodiscard]] StorageResult<void> removeChunk(std::int64_t row);

    /// Removes some chunks, and stops, that end before `time`; how many chunks.
    [[nodiscard]] StorageResult<std::size_t> removeBefore(Timestamp time);
    /// Removes some of the chunks written first; how many.
    [[nodiscard]] StorageResult<std::size_t> removeOldest();

    /// Of the file, without pages that wait to be used again.
    [[nodiscard]] StorageResult<std::int64_t> bytes();

private:
    [[nodiscard]] StorageResult<std::size_t> remove(Statement& statement);

    Database database_;
    Statement addSeries_;
    Statement addChunk_;
    Statement setThrough_;
    Statement addStop_;
    Statement smallChunks_;
    Statement removeChunk_;
    Statement removeBefore_;
    Statement removeOldest_;
    Statement noteRemoved_;
};

/// Makes sure that the file is one of ours; 0 tables in a new one.
[[nodiscard]] StorageResult<void> checkFormat(Database& database);

}  // namespace tagwire::history
