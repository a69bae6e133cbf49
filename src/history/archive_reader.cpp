#include "history/archive_reader.h"

#include <utility>

#include "history/preparer.h"

namespace tagwire::history {
namespace {

std::int64_t number(SeriesId series) noexcept { return series.value(); }

ChunkRef chunkOf(const Statement& row) {
    ByteReader in(row.bytes(3));
    ChunkRef chunk{.row = row.integer(0),
                   .first = Timestamp{Ticks{row.integer(1)}},
                   .last = Timestamp{Ticks{row.integer(2)}},
                   .summary = readSummary(in)};
    // Without a summary that can be read the chunk is unpacked.
    if (!in.ok()) chunk.summary = Summary{};
    return chunk;
}

Stop stopOf(const Statement& row) {
    return {.time = Timestamp{Ticks{row.integer(0)}},
            .status = StatusCode{static_cast<std::uint32_t>(row.integer(1))}};
}

}  // namespace

StorageResult<ArchiveReader> ArchiveReader::open(const std::filesystem::path& folder) {
    ArchiveReader reader;
    auto database = Database::open(folder / kArchiveFile, Database::Access::Read);
    if (!database) return tl::unexpected(database.error());
    reader.database_ = *std::move(database);
    if (const auto set = reader.database_.run("PRAGMA cache_size=-32768;"); !set)
        return tl::unexpected(set.error());
    if (const auto checked = checkFormat(reader.database_); !checked) return tl::unexpected(checked.error());
    Preparer prepare(reader.database_);
    prepare(reader.through_, "SELECT through FROM series WHERE id=?1");
    prepare(reader.chunks_,
            "SELECT id, first, last, summary FROM chunk WHERE series=?1 AND last>=?2 AND first<?3"
            " ORDER BY last LIMIT ?4");
    prepare(
        reader.chunkBefore_,
        "SELECT id, first, last, summary FROM chunk WHERE series=?1 AND last<?2 ORDER BY last DESC LIMIT 1");
    prepare(reader.data_, "SELECT data FROM chunk WHERE id=?1");
    prepare(reader.stops_, "SELECT time, status FROM stop WHERE time>=?1 AND time<?2 ORDER BY time");
    prepare(reader.stopBefore_, "SELECT time, status FROM stop WHERE time<?1 ORDER BY time DESC LIMIT 1");
    if (!prepare.result()) return tl::unexpected(prepare.result().error());
    return reader;
}

StorageResult<CommitId> ArchiveReader::through(SeriesId series) {
    through_.bind(number(series));
    const auto row = through_.step();
    if (!row) return tl::unexpected(row.error());
    const CommitId through{*row ? static_cast<std::uint64_t>(through_.integer(0)) : 0};
    through_.reset();
    return through;
}

StorageResult<std::vector<ChunkRef>> ArchiveReader::chunks(SeriesId series, Timestamp from, Timestamp to,
                                                           std::size_t limit) {
    chunks_.bind(number(series), ticksOf(from), ticksOf(to), static_cast<std::int64_t>(limit));
    std::vector<ChunkRef> chunks;
    for (;;) {
        const auto row = chunks_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        chunks.push_back(chunkOf(chunks_));
    }
    chunks_.reset();
    return chunks;
}

StorageResult<std::optional<ChunkRef>> ArchiveReader::chunkBefore(SeriesId series, Timestamp time) {
    chunkBefore_.bind(number(series), ticksOf(time));
    const auto row = chunkBefore_.step();
    if (!row) return tl::unexpected(row.error());
    std::optional<ChunkRef> chunk;
    if (*row) chunk = chunkOf(chunkBefore_);
    chunkBefore_.reset();
    return chunk;
}

StorageResult<std::string_view> ArchiveReader::data(std::int64_t row) {
    data_.bind(row);
    const auto found = data_.step();
    if (!found) return tl::unexpected(found.error());
    return *found ? data_.bytes(0) : std::string_view{};
}

StorageResult<std::vector<Stop>> ArchiveReader::stops(Timestamp from, Timestamp to) {
    stops_.bind(ticksOf(from), ticksOf(to));
    std::vector<Stop> stops;
    for (;;) {
        const auto row = stops_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        stops.push_back(stopOf(stops_));
    }
    stops_.reset();
    return stops;
}

StorageResult<std::optional<Stop>> ArchiveReader::stopBefore(Timestamp time) {
    stopBefore_.bind(ticksOf(time));
    const auto row = stopBefore_.step();
    if (!row) return tl::unexpected(row.error());
    std::optional<Stop> stop;
    if (*row) stop = stopOf(stopBefore_);
    stopBefore_.reset();
    return stop;
}

}  // namespace tagwire::history
