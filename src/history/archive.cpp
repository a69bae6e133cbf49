#include "history/archive.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "history/preparer.h"

namespace tagwire::history {
namespace {

/// "TWHI"
constexpr std::int64_t kApplicationId = 0x54574849;
/// Version 1 knew chunks of one frame only, version 2 no chunk.through. All are read.
constexpr std::int64_t kFormatVersion = 3;
constexpr std::int64_t kOldestVersion = 1;

/// Pages hold several chunks of about 2 KiB. auto_vacuum gives pages back that retention has emptied.
constexpr const char* kPragmas =
    "PRAGMA page_size=16384;"
    "PRAGMA auto_vacuum=INCREMENTAL;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-8192;"
    "PRAGMA wal_autocheckpoint=512;"
    "PRAGMA journal_size_limit=16777216;"
    "PRAGMA trusted_schema=OFF;";

constexpr const char* kSchema =
    "CREATE TABLE series(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, through INTEGER NOT NULL);"
    "CREATE TABLE chunk(id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, samples INTEGER NOT NULL, summary BLOB NOT NULL, data BLOB NOT NULL,"
    " through INTEGER NOT NULL DEFAULT 0);"
    // With the summaries in it a long trend need not look at the rows, a page of the file each.
    "CREATE INDEX chunk_summaries ON chunk(series, last, first, summary);"
    "CREATE INDEX chunk_by_age ON chunk(last);"
    "CREATE INDEX chunk_by_commit ON chunk(through);"
    "CREATE TABLE stop(time INTEGER PRIMARY KEY, status INTEGER NOT NULL);"
    "CREATE TABLE record(id TEXT NOT NULL, removed INTEGER NOT NULL);"
    "INSERT INTO record VALUES(lower(hex(randomblob(16))), 0);"
    "PRAGMA application_id=1415006281;"
    "PRAGMA user_version=3;";
static_assert(kApplicationId == 1415006281 && kFormatVersion == 3);

// When a database is opened to be written:
constexpr const char* kFromVersion1 =
    "CREATE INDEX chunk_summaries ON chunk(series, last, first, summary);"
    "DROP INDEX chunk_of_series;";
constexpr const char* kFromVersion2 =
    "ALTER TABLE chunk ADD COLUMN through INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX chunk_by_commit ON chunk(through);"
    "CREATE TABLE record(id TEXT NOT NULL, removed INTEGER NOT NULL);"
    "INSERT INTO record VALUES(lower(hex(randomblob(16))), 0);"
    "PRAGMA user_version=3;";

/// Of one statement of retention: some milliseconds; and what is removed for its size not much more than must
/// be.
constexpr std::int64_t kRemovedAtOnce = 16;

}  // namespace

StorageResult<void> checkFormat(Database& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) return tl::unexpected(application.error());
    const auto version = database.number("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    if (*application != kApplicationId)
        return tl::unexpected(StorageError{"it is no history of Tagwire", true});
    if (*version < kOldestVersion || *version > kFormatVersion) {
        return tl::unexpected(StorageError{fmt::format("its format is version {}, this program knows up to "
                                                       "version {}; use the program that wrote it, "
                                                       "or another folder",
                                                       *version, kFormatVersion),
                                           false});
    }
    return {};
}

StorageResult<Archive> Archive::open(const std::filesystem::path& folder) {
    Archive archive;
    auto database = Database::open(folder / kArchiveFile, Database::Access::ReadWrite);
    if (!database) return tl::unexpected(database.error());
    archive.database_ = *std::move(database);
    auto& opened = archive.database_;
    if (const auto set = opened.run(kPragmas); !set) return tl::unexpected(set.error());
    const auto tables = opened.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    if (*tables == 0) {
        const auto made = opened.run(fmt::format("BEGIN IMMEDIATE;{}COMMIT;", kSchema).c_str());
        if (!made) return tl::unexpected(made.error());
    }
    if (const auto checked = checkFormat(opened); !checked) return tl::unexpected(checked.error());
    const auto version = opened.number("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    if (*version < kFormatVersion) {
        log::info("history", "{} is brought to version {} of its format", (folder / kArchiveFile).string(),
                  kFormatVersion);
        const auto made = opened.run(
            fmt::format("BEGIN IMMEDIATE;{}{}COMMIT;", *version == 1 ? kFromVersion1 : "", kFromVersion2)
                .c_str());
        if (!made) return tl::unexpected(made.error());
    }
    Preparer prepare(opened);
    prepare(archive.addSeries_,
            "INSERT INTO series(id, path, through) VALUES(?1, CAST(?2 AS TEXT), 0)"
            " ON CONFLICT DO NOTHING");
    prepare(archive.addChunk_,
            "INSERT INTO chunk(series, first, last, samples, summary, data, through)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    prepare(archive.setThrough_, "UPDATE series SET through=?2 WHERE id=?1");
    prepare(archive.addStop_, "INSERT OR REPLACE INTO stop(time, status) VALUES(?1, ?2)");
    prepare(archive.smallChunks_,
            "SELECT id, samples, data FROM chunk WHERE series=?1 ORDER BY last DESC LIMIT ?2");
    prepare(archive.removeChunk_, "DELETE FROM chunk WHERE id=?1");
    prepare(archive.removeBefore_,
            "DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE last<?1 LIMIT ?2) RETURNING through");
    prepare(archive.removeOldest_,
            "DELETE FROM chunk WHERE id IN (SELECT id FROM chunk ORDER BY id LIMIT ?1) RETURNING through");
    prepare(archive.noteRemoved_, "UPDATE record SET removed=max(removed, ?1)");
    if (!prepare.result()) return tl::unexpected(prepare.result().error());
    return archive;
}

StorageResult<void> Archive::commit() {
    auto committed = database_.run("COMMIT");
    if (!committed) rollBack();
    return committed;
}

StorageResult<std::vector<Archive::SeriesRow>> Archive::series() {
    auto select = database_.prepare(
        "SELECT id, path, through, (SELECT max(last) FROM chunk WHERE series=series.id) FROM series");
    if (!select) return tl::unexpected(select.error());
    std::vector<SeriesRow> rows;
    for (;;) {
        const auto row = select->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return rows;
        rows.push_back({.id = SeriesId{static_cast<std::uint32_t>(select->integer(0))},
                        .path = std::string(select->bytes(1)),
                        .through = CommitId{static_cast<std::uint64_t>(select->integer(2))},
                        .last = Timestamp{Ticks{select->integer(3)}}});
    }
}

StorageResult<void> Archive::addSeries(SeriesId id, std::string_view path) {
    addSeries_.bind(std::int64_t{id.value()}, path);
    return addSeries_.run();
}

StorageResult<void> Archive::addChunk(SeriesId series, const Summary& summary, std::string_view chunk,
                                      CommitId through) {
    std::string packed;
    ByteWriter out(packed);
    writeSummary(out, summary);
    addChunk_.bind(std::int64_t{series.value()}, ticksOf(summary.first), ticksOf(summary.last),
                   static_cast<std::int64_t>(summary.samples()), std::string_view(packed), chunk,
                   static_cast<std::int64_t>(through.value()));
    return addChunk_.run();
}

StorageResult<void> Archive::setThrough(SeriesId series, CommitId through) {
    setThrough_.bind(std::int64_t{series.value()}, static_cast<std::int64_t>(through.value()));
    return setThrough_.run();
}

StorageResult<void> Archive::addStop(const Stop& stop) {
    addStop_.bind(ticksOf(stop.time), std::int64_t{stop.status.code()});
    return addStop_.run();
}

StorageResult<std::vector<Archive::SmallChunk>> Archive::smallChunks(SeriesId series, std::size_t samples,
                                                                     std::size_t limit) {
    smallChunks_.bind(std::int64_t{series.value()}, static_cast<std::int64_t>(limit));
    std::vector<SmallChunk> chunks;
    for (;;) {
        const auto row = smallChunks_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row || static_cast<std::size_t>(smallChunks_.integer(1)) >= samples) break;
        chunks.push_back({smallChunks_.integer(0), std::string(smallChunks_.bytes(2))});
    }
    smallChunks_.reset();
    return chunks;
}

StorageResult<void> Archive::removeChunk(std::int64_t row) {
    removeChunk_.bind(row);
    return removeChunk_.run();
}

/// By a statement that gives what the chunks were: who reads on in the record must know that some are gone.
StorageResult<std::size_t> Archive::remove(Statement& statement) {
    sqlite::Transaction transaction(database_);
    if (!transaction.begun()) return tl::unexpected(transaction.begun().error());
    std::size_t count = 0;
    std::int64_t through = 0;
    for (;; ++count) {
        const auto row = statement.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        through = std::max(through, statement.integer(0));
    }
    statement.reset();
    noteRemoved_.bind(through);
    if (const auto noted = noteRemoved_.run(); !noted) return tl::unexpected(noted.error());
    if (const auto committed = transaction.commit(); !committed) return tl::unexpected(committed.error());
    return count;
}

StorageResult<std::size_t> Archive::removeBefore(Timestamp time) {
    removeBefore_.bind(ticksOf(time), kRemovedAtOnce);
    auto count = remove(removeBefore_);
    if (count && *count == 0) {
        auto stops = database_.prepare("DELETE FROM stop WHERE time<?1");
        if (!stops) return tl::unexpected(stops.error());
        stops->bind(ticksOf(time));
        if (const auto removed = stops->run(); !removed) return tl::unexpected(removed.error());
    }
    return count;
}

StorageResult<std::size_t> Archive::removeOldest() {
    removeOldest_.bind(kRemovedAtOnce);
    return remove(removeOldest_);
}

StorageResult<std::int64_t> Archive::bytes() {
    const auto pages = database_.number("PRAGMA page_count");
    const auto unused = database_.number("PRAGMA freelist_count");
    const auto size = database_.number("PRAGMA page_size");
    if (!pages || !unused || !size)
        return tl::unexpected(!pages ? pages.error() : !unused ? unused.error() : size.error());
    // A third unused: give it back. Otherwise new chunks take it soon.
    if (*unused > 1024 && *unused > *pages / 3) {
        if (const auto given = database_.run("PRAGMA incremental_vacuum(1024)"); !given)
            return tl::unexpected(given.error());
    }
    return (*pages - *unused) * *size;
}

}  // namespace tagwire::history
