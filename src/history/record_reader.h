/// Reads the whole record once, from a position on, while it is being written: for sinks that send it
/// elsewhere. Commits of the journal in their order; what is not in the journal any more, from chunks.
/// Thread: one, not the recorder's. Lifetime: as long as somebody reads on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/archive.h"
#include "history/chunk.h"
#include "history/journal_tail.h"
#include "model/history_query.h"

namespace tagwire::history {

/// What the recorder says of the record.
struct RecordState {
    /// Nothing behind it may be read: it could be gone after a loss of power, and its number given again. 0:
    /// the record is not open.
    CommitId durable;
    /// Changes whenever the database was replaced by a new one.
    std::uint64_t archive = 0;
};

/// Everything in commits up to `commit` was read; of chunks with later ones, those up to `chunk` in the order
/// (through, id).
struct RecordPosition {
    CommitId commit;
    CommitId chunkThrough;
    std::int64_t chunk = 0;

    friend bool operator==(const RecordPosition&, const RecordPosition&) = default;
};

class RecordReader {
public:
    /// One series' samples, in the order they came or of their times. False: no more of them, and the
    /// position stays where it is.
    using Take = std::function<bool(std::string_view path, std::span<const HistorySample>)>;

    explicit RecordReader(std::filesystem::path folder) : folder_(std::move(folder)), tail_(folder_) {}

    /// The record as it is now; to be called again when RecordState::archive changed.
    [[nodiscard]] StorageResult<void> open();
    /// Of this record alone; a copy has the same, a new database that took the place of a damaged one
    /// another.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

    /// From where to read on; without one from the beginning.
    void moveTo(const RecordPosition& position);
    /// Behind what was read last.
    [[nodiscard]] const RecordPosition& position() const noexcept { return position_; }

    /// At least one commit or chunk, then whole ones until there are `samples`. False: there is nothing new.
    /// After an error, or when `take` refused, moveTo() has to be called again.
    [[nodiscard]] StorageResult<bool> read(CommitId durable, std::size_t samples, const Take& take);

    /// Where the record was not known (FORMAT.md, "The database").
    [[nodiscard]] StorageResult<std::vector<Stop>> stops();

    /// How often retention had removed what was not read yet.
    [[nodiscard]] std::uint64_t gaps() const noexcept { return gaps_; }
    /// Chunks and parts of commits that could not be read.
    [[nodiscard]] std::uint64_t unreadable() const noexcept { return unreadable_; }
    /// Why reading waits, for an administrator; empty while all is well.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
    enum class From : std::uint8_t { Unknown, Chunks, Journal };
    enum class Step : std::uint8_t { Read, Nothing, Refused };

    struct PackedChunk {
        RecordPosition position;
        std::string path;
        Result<std::vector<HistorySample>> samples;
    };

    [[nodiscard]] StorageResult<std::optional<PackedChunk>> nextChunk();
    [[nodiscard]] StorageResult<Step> readOne(CommitId durable, const Take& take);
    [[nodiscard]] StorageResult<Step> readChunk(const Take& take);
    [[nodiscard]] Step readCommit(CommitId durable, const Take& take);
    [[nodiscard]] StorageResult<void> lookForGap();

    const std::filesystem::path folder_;
    JournalTail tail_;
    Database database_;
    Statement chunk_;
    Statement laterChunk_;
    Statement stops_;
    ChunkReader chunks_;
    std::string id_;

    RecordPosition position_;
    From from_ = From::Unknown;
    /// While chunks are read: the first commit that the journal still has.
    CommitId begins_;
    std::size_t samples_ = 0;
    std::int64_t removedSeen_ = 0;
    std::uint64_t gaps_ = 0;
    std::uint64_t unreadable_ = 0;
    std::string problem_;
};

}  // namespace tagwire::history
