#include "history/record_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "history/preparer.h"
#include "history/sample_log.h"

namespace tagwire::history {

StorageResult<void> RecordReader::open() {
    chunk_ = Statement{};
    laterChunk_ = Statement{};
    stops_ = Statement{};
    auto database = Database::open(folder_ / kArchiveFile, Database::Access::Read);
    if (!database) return tl::unexpected(database.error());
    database_ = *std::move(database);
    if (auto checked = checkFormat(database_); !checked) return checked;
    Statement id;
    Preparer prepare(database_);
    prepare(id, "SELECT id FROM record");
    const auto chunkWhere = [](std::string_view condition) {
        return fmt::format(
            "SELECT through, id, data, (SELECT path FROM series WHERE series.id=chunk.series) FROM chunk"
            " WHERE {} LIMIT 1",
            condition);
    };
    // Two, because SQLite 3.40 takes only the first column of (through, id)>(?1, ?2) from the index.
    prepare(chunk_, chunkWhere("through=?1 AND id>?2 ORDER BY id"));
    prepare(laterChunk_, chunkWhere("through>?1 ORDER BY through, id"));
    prepare(stops_, "SELECT time, status FROM stop ORDER BY time");
    if (!prepare.result()) return prepare.result();
    const auto row = id.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return tl::unexpected(StorageError{"the record has no id", true});
    id_ = id.bytes(0);
    return {};
}

void RecordReader::moveTo(const RecordPosition& position) {
    position_ = position;
    from_ = From::Unknown;
    removedSeen_ = 0;
    problem_.clear();
}

StorageResult<bool> RecordReader::read(CommitId durable, std::size_t samples, const Take& take) {
    if (durable == CommitId{}) return false;
    samples_ = 0;
    bool any = false;
    while (samples_ < samples) {
        const auto step = readOne(durable, take);
        if (!step) return tl::unexpected(step.error());
        if (*step == Step::Refused) return false;
        if (*step == Step::Nothing) break;
        any = true;
    }
    return any;
}

StorageResult<RecordReader::Step> RecordReader::readOne(CommitId durable, const Take& take) {
    if (from_ == From::Unknown && position_.commit == CommitId{}) {
        // A record that nobody has read yet may have chunks that do not say which commits they have.
        const auto found = tail_.find(CommitId{1});
        if (found.commit == nullptr && !found.begins) return Step::Nothing;
        begins_ = found.begins.value_or(CommitId{1});
        from_ = From::Chunks;
    }
    if (from_ != From::Chunks) {
        from_ = From::Journal;
        const auto step = readCommit(durable, take);
        if (from_ == From::Journal) return step;
    }
    return readChunk(take);
}

RecordReader::Step RecordReader::readCommit(CommitId durable, const Take& take) {
    const CommitId wanted{position_.commit.value() + 1};
    if (wanted > durable) return Step::Nothing;
    const auto found = tail_.find(wanted);
    if (found.begins) {
        begins_ = *found.begins;
        from_ = From::Chunks;
        return Step::Nothing;
    }
    if (found.commit == nullptr) {
        // The recorder has it in memory, or nobody has. When it has packed it, the file goes, and chunks are
        // read.
        if (problem_ != found.problem) {
            log::warning("history", "{}; what follows is read on when it is packed, within an hour or so",
                         found.problem);
            problem_ = found.problem;
        }
        return Step::Nothing;
    }
    problem_.clear();
    for (const auto& part : found.commit->samples) {
        const auto& path = tail_.pathOf(part.id);
        const auto samples = readSampleLog(part.log);
        if (!samples || path.empty()) {
            ++unreadable_;
            continue;
        }
        samples_ += samples->size();
        if (!take(path, *samples)) return Step::Refused;
    }
    position_.commit = wanted;
    return Step::Read;
}

/// The first behind the position; none: that was the last.
StorageResult<std::optional<RecordReader::PackedChunk>> RecordReader::nextChunk() {
    const auto through = static_cast<std::int64_t>(position_.chunkThrough.value());
    auto* found = &chunk_;
    chunk_.bind(through, position_.chunk);
    auto row = chunk_.step();
    if (row && !*row) {
        chunk_.reset();
        found = &laterChunk_;
        laterChunk_.bind(through);
        row = laterChunk_.step();
    }
    if (!row) return tl::unexpected(row.error());
    std::optional<PackedChunk> chunk;
    if (*row) {
        chunk =
            PackedChunk{.position = {.commit = position_.commit,
                                     .chunkThrough = CommitId{static_cast<std::uint64_t>(found->integer(0))},
                                     .chunk = found->integer(1)},
                        .path = std::string(found->bytes(3)),
                        .samples = chunks_.read(found->bytes(2))};
    }
    found->reset();
    return chunk;
}

StorageResult<RecordReader::Step> RecordReader::readChunk(const Take& take) {
    if (auto looked = lookForGap(); !looked) return tl::unexpected(looked.error());
    if (position_.commit != CommitId{} && position_.chunkThrough <= position_.commit) {
        position_.chunkThrough = position_.commit;
        position_.chunk = std::numeric_limits<std::int64_t>::max();
    }
    // One transaction: between the two statements of nextChunk() nothing may be packed.
    if (auto begun = database_.run("BEGIN"); !begun) return tl::unexpected(begun.error());
    const auto chunk = nextChunk();
    (void)database_.run("ROLLBACK");
    if (!chunk) return tl::unexpected(chunk.error());
    if (!*chunk) {
        // All commits that the journal had not any more were in chunks when it was asked for its first.
        position_.commit = std::max(position_.commit, CommitId{begins_.value() - 1});
        from_ = From::Journal;
        return Step::Read;
    }
    const auto& [behind, path, samples] = **chunk;
    if (!samples || path.empty()) {
        ++unreadable_;
        log::warning("history", "chunk {} cannot be read, and is passed over: see 'tagwire history verify'",
                     behind.chunk);
    } else {
        samples_ += samples->size();
        if (!take(path, *samples)) return Step::Refused;
    }
    position_ = behind;
    return Step::Read;
}

/// Whether retention has removed chunks that are still to be read.
StorageResult<void> RecordReader::lookForGap() {
    const auto removed = database_.number("SELECT removed FROM record");
    if (!removed) return tl::unexpected(removed.error());
    const auto read = std::max(position_.commit, position_.chunkThrough);
    const bool begun = position_ != RecordPosition{};
    if (begun && *removed > std::max(removedSeen_, static_cast<std::int64_t>(read.value()))) {
        ++gaps_;
        log::warning("history",
                     "samples were removed for their age, or for the size of the record, before they were "
                     "sent; keep_days and max_size_mb of [history] say how long a target may be away");
    }
    removedSeen_ = std::max(removedSeen_, *removed);
    return {};
}

StorageResult<std::vector<Stop>> RecordReader::stops() {
    stops_.reset();
    std::vector<Stop> stops;
    for (;;) {
        const auto row = stops_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        stops.push_back({.time = Timestamp{Ticks{stops_.integer(0)}},
                         .status = StatusCode{static_cast<std::uint32_t>(stops_.integer(1))}});
    }
    stops_.reset();
    return stops;
}

}  // namespace tagwire::history
