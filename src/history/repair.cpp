#include "history/repair.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "history/archive.h"
#include "history/chunk.h"
#include "history/folder_lock.h"
#include "history/journal.h"
#include "history/journal_reader.h"
#include "history/sample_log.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

namespace fs = std::filesystem;

/// A folder for files that are being made; it goes with the object.
class Workshop {
public:
    explicit Workshop(const fs::path& folder) : path_(folder / "repair.tmp") {
        fs::remove_all(path_, error_);
        fs::create_directory(path_, error_);
    }
    ~Workshop() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] const std::error_code& error() const noexcept { return error_; }

private:
    fs::path path_;
    std::error_code error_;
};

StorageResult<bool> isSound(Database& database) {
    auto check = database.prepare("PRAGMA integrity_check(1)");
    if (!check) return tl::unexpected(check.error());
    const auto row = check->step();
    if (!row) {
        if (row.error().damaged) return false;
        return tl::unexpected(row.error());
    }
    return *row && check->bytes(0) == "ok";
}

/// What the table says of a chunk.
struct ChunkRow {
    std::int64_t id;
    std::int64_t first;
    std::int64_t last;
    std::int64_t samples;
    std::string summary;
};

class Repairer {
public:
    Repairer(fs::path folder, Timestamp now)
        : folder_(std::move(folder)),
          stamp_(fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(now))) {}

    StorageResult<std::vector<std::string>> run() {
        auto done = repairDatabase();
        if (done) done = repairJournals();
        if (!done) return tl::unexpected(done.error());
        return std::move(done_);
    }

private:
    [[nodiscard]] fs::path database() const { return folder_ / kArchiveFile; }
    [[nodiscard]] fs::path asideOf(const fs::path& file, std::string_view what) const {
        return fs::path(file) += fmt::format(".{}-{}", what, stamp_);
    }

    StorageResult<void> repairDatabase();
    StorageResult<void> keepCopyOfDatabase();
    StorageResult<void> rebuild();
    StorageResult<void> copyRows(Database& from, Archive& to);
    StorageResult<void> copyChunks(Database& from, Archive& to);
    StorageResult<void> replaceDatabase(const fs::path& by);
    StorageResult<void> repairChunks(Database& opened);
    StorageResult<void> moveAside(Database& opened, const std::vector<std::int64_t>& rows);
    StorageResult<void> repairJournals();
    StorageResult<void> repairJournal(const fs::path& file, std::vector<Stop>& gaps);

    const fs::path folder_;
    const std::string stamp_;
    ChunkReader reader_;
    std::vector<std::string> done_;
};

StorageResult<void> Repairer::repairDatabase() {
    auto opened = Database::open(database(), Database::Access::ReadWrite);
    if (!opened) return tl::unexpected(opened.error());
    auto format = checkFormat(*opened);
    if (!format && !format.error().damaged) return format;
    bool sound = false;
    if (format) {
        const auto checked = isSound(*opened);
        if (!checked) return tl::unexpected(checked.error());
        sound = *checked;
    }
    if (!sound) {
        *opened = Database{};
        if (auto kept = keepCopyOfDatabase(); !kept) return kept;
        opened = Database::open(database(), Database::Access::ReadWrite);
        if (!opened) return tl::unexpected(opened.error());
        const bool mended = format && opened->run("REINDEX") && isSound(*opened).value_or(false);
        if (!mended) {
            *opened = Database{};
            return rebuild();
        }
        done_.emplace_back("the indices of the database were made anew");
    }
    return repairChunks(*opened);
}

StorageResult<void> Repairer::keepCopyOfDatabase() {
    const auto aside = asideOf(database(), "damaged");
    std::error_code error;
    fs::copy_file(database(), aside, error);
    if (error) return tl::unexpected(fileError("cannot copy to", aside, error));
    // With its log beside it SQLite can open the copy, too.
    const auto log = fs::path(database()) += "-wal";
    if (fs::exists(log, error)) {
        fs::copy_file(log, fs::path(aside) += "-wal", error);
        if (error) return tl::unexpected(fileError("cannot copy", log, error));
    }
    done_.push_back(fmt::format("the database is damaged; a copy is kept as {}", aside.filename().string()));
    return {};
}

/// A new database with all rows that can still be read.
StorageResult<void> Repairer::rebuild() {
    const Workshop workshop(folder_);
    if (workshop.error()) return tl::unexpected(fileError("cannot make", workshop.path(), workshop.error()));
    {
        auto to = Archive::open(workshop.path());
        if (!to) return tl::unexpected(to.error());
        auto from = Database::open(database(), Database::Access::ReadWrite);
        if (!from) return tl::unexpected(from.error());
        if (const auto format = checkFormat(*from); !format) {
            done_.emplace_back("nothing in it could be read; a new database is begun");
        } else if (auto copied = copyRows(*from, *to); !copied) {
            return copied;
        }
    }
    return replaceDatabase(workshop.path() / kArchiveFile);
}

StorageResult<void> Repairer::replaceDatabase(const fs::path& by) {
    std::error_code error;
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(fs::path(database()) += suffix, error);
    fs::rename(by, database(), error);
    if (error) return tl::unexpected(fileError("cannot replace", database(), error));
    return {};
}

StorageResult<void> Repairer::copyRows(Database& from, Archive& to) {
    const auto each = [&](std::string_view sql, const auto& take) -> StorageResult<void> {
        auto select = from.prepare(sql);
        // What cannot be read is missing in the new database; the copy has what is left of it.
        for (bool more = select.has_value(); more;) {
            const auto row = select->step();
            more = row && *row;
            if (!more) break;
            if (auto taken = take(*select); !taken) return taken;
        }
        return {};
    };
    if (auto begun = to.begin(); !begun) return begun;
    auto copied = each("SELECT id, path, through FROM series", [&](const Statement& row) {
        const SeriesId id{static_cast<std::uint32_t>(row.integer(0))};
        auto added = to.addSeries(id, row.bytes(1));
        if (added) added = to.setThrough(id, CommitId{static_cast<std::uint64_t>(row.integer(2))});
        return added;
    });
    if (copied) {
        copied = each("SELECT time, status FROM stop", [&](const Statement& row) {
            return to.addStop(
                {Timestamp{Ticks{row.integer(0)}}, StatusCode{static_cast<std::uint32_t>(row.integer(1))}});
        });
    }
    if (copied) copied = to.commit();
    return copied ? copyChunks(from, to) : copied;
}

/// One at a time by its number, so that a damaged page costs only what is on it.
StorageResult<void> Repairer::copyChunks(Database& from, Archive& to) {
    auto select = from.prepare("SELECT series, data FROM chunk WHERE id=?1");
    auto highest = from.number("SELECT max(id) FROM chunk");
    if (!highest) highest = from.number("SELECT max(id) FROM chunk NOT INDEXED");
    if (!select || !highest) {
        done_.emplace_back("no chunk of it could be read");
        return {};
    }
    constexpr std::int64_t kOfTransaction = 4096;
    std::int64_t kept = 0;
    std::int64_t lost = 0;
    auto done = to.begin();
    for (std::int64_t id = 1; id <= *highest && done; ++id) {
        select->bind(id);
        const auto row = select->step();
        if (row && !*row) continue;
        if (!row) {
            ++lost;
            continue;
        }
        const SeriesId series{static_cast<std::uint32_t>(select->integer(0))};
        const auto samples = reader_.read(select->bytes(1));
        if (!samples) {
            ++lost;
            continue;
        }
        done = to.addChunk(series, summarize(*samples), select->bytes(1), CommitId{});
        if (done && ++kept % kOfTransaction == 0) {
            done = to.commit();
            if (done) done = to.begin();
        }
    }
    if (done) done = to.commit();
    if (!done) return done;
    done_.push_back(fmt::format("{} chunks went into a new database; {} could not be read", kept, lost));
    return {};
}

/// Chunks that cannot be read are moved aside; rows that say wrong things of a chunk are written anew.
StorageResult<void> Repairer::repairChunks(Database& opened) {
    std::vector<std::int64_t> unreadable;
    std::vector<ChunkRow> wrong;
    {
        auto rows = opened.prepare("SELECT id, first, last, samples, summary, data FROM chunk");
        if (!rows) return tl::unexpected(rows.error());
        for (;;) {
            const auto row = rows->step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            const auto samples = reader_.read(rows->bytes(5));
            if (!samples) {
                unreadable.push_back(rows->integer(0));
                continue;
            }
            const auto summary = summarize(*samples);
            std::string packed;
            ByteWriter out(packed);
            writeSummary(out, summary);
            if (rows->integer(1) == ticksOf(summary.first) && rows->integer(2) == ticksOf(summary.last) &&
                std::cmp_equal(rows->integer(3), summary.samples()) && rows->bytes(4) == packed)
                continue;
            wrong.push_back({.id = rows->integer(0),
                             .first = ticksOf(summary.first),
                             .last = ticksOf(summary.last),
                             .samples = static_cast<std::int64_t>(summary.samples()),
                             .summary = std::move(packed)});
        }
    }
    if (!unreadable.empty()) {
        if (auto moved = moveAside(opened, unreadable); !moved) return moved;
    }
    if (wrong.empty()) return {};
    auto update = opened.prepare("UPDATE chunk SET first=?2, last=?3, samples=?4, summary=?5 WHERE id=?1");
    if (!update) return tl::unexpected(update.error());
    if (auto begun = opened.run("BEGIN IMMEDIATE"); !begun) return begun;
    for (const auto& row : wrong) {
        update->bind(row.id, row.first, row.last, row.samples, std::string_view(row.summary));
        if (auto updated = update->run(); !updated) return updated;
    }
    if (auto committed = opened.run("COMMIT"); !committed) return committed;
    done_.push_back(fmt::format("{} chunks were described anew by what is in them", wrong.size()));
    return {};
}

StorageResult<void> Repairer::moveAside(Database& opened, const std::vector<std::int64_t>& rows) {
    const auto aside = asideOf(database(), "removed");
    {
        auto attach = opened.prepare("ATTACH CAST(?1 AS TEXT) AS aside");
        if (!attach) return tl::unexpected(attach.error());
        const auto name = aside.string();
        attach->bind(std::string_view(name));
        if (auto attached = attach->run(); !attached) return attached;
    }
    auto done = opened.run(
        "CREATE TABLE aside.chunk AS SELECT chunk.*, series.path FROM main.chunk"
        " LEFT JOIN main.series ON series.id=chunk.series WHERE 0");
    // The copy is complete before anything is removed: the two files do not change in one step.
    for (const char* sql : {"INSERT INTO aside.chunk SELECT chunk.*, series.path FROM main.chunk"
                            " LEFT JOIN main.series ON series.id=chunk.series WHERE chunk.id=?1",
                            "DELETE FROM main.chunk WHERE id=?1"}) {
        if (done) done = opened.run("BEGIN IMMEDIATE");
        if (!done) break;
        auto statement = opened.prepare(sql);
        if (!statement) return tl::unexpected(statement.error());
        for (const auto row : rows) {
            statement->bind(row);
            if (done) done = statement->run();
        }
        if (done) done = opened.run("COMMIT");
    }
    if (!done) return done;
    if (auto detached = opened.run("DETACH aside"); !detached) return detached;
    done_.push_back(
        fmt::format("{} chunks that cannot be read are kept in {}", rows.size(), aside.filename().string()));
    return {};
}

StorageResult<void> Repairer::repairJournals() {
    std::vector<Stop> gaps;
    for (const auto& file : journalFiles(folder_)) {
        if (auto repaired = repairJournal(file, gaps); !repaired) return repaired;
    }
    if (gaps.empty()) return {};
    auto archive = Archive::open(folder_);
    if (!archive) return tl::unexpected(archive.error());
    auto noted = archive->begin();
    for (const auto& gap : gaps) {
        if (noted) noted = archive->addStop(gap);
    }
    return noted ? archive->commit() : noted;
}

/// Writes what is whole of a damaged file into one that takes its place.
StorageResult<void> Repairer::repairJournal(const fs::path& file, std::vector<Stop>& gaps) {
    const auto readable = [](const Commit::Samples& part) {
        const auto samples = readSampleLog(part.log);
        return samples && samples->size() == part.count;
    };
    bool wrongParts = false;
    const auto report = readJournal(file, [&](const Commit& commit) {
        wrongParts = wrongParts || !std::ranges::all_of(commit.samples, readable);
    });
    if (!report) return tl::unexpected(report.error());
    if (!report->isDamaged() && !wrongParts) return {};

    const auto aside = asideOf(file, "damaged");
    std::error_code error;
    fs::copy_file(file, aside, error);
    if (error) return tl::unexpected(fileError("cannot copy to", aside, error));
    const Workshop workshop(folder_);
    if (workshop.error()) return tl::unexpected(fileError("cannot make", workshop.path(), workshop.error()));
    auto made = Journal::create(workshop.path(), CommitId{1});
    if (!made) return tl::unexpected(made.error());
    StorageResult<void> written;
    std::optional<Timestamp> last;
    const auto again = readJournal(file, [&](const Commit& commit) {
        if (!written) return;
        CommitWriter out(commit.id, commit.time);
        for (const auto& [id, path] : commit.series) out.addSeries(id, path);
        bool complete = true;
        for (const auto& part : commit.samples) {
            if (readable(part)) {
                out.addSamples(part.id, part.count, part.log);
            } else {
                complete = false;
            }
        }
        if (commit.end) out.addEnd();
        if ((commit.afterDamage || !complete) && last) gaps.push_back({*last, kBadDataLost});
        last = commit.time;
        written = made->append(out);
    });
    if (!again) return tl::unexpected(again.error());
    if (!written) return written;
    fs::rename(made->path(), file, error);
    if (error) return tl::unexpected(fileError("cannot replace", file, error));
    done_.push_back(fmt::format("{}: {}; a copy is kept as {}", file.filename().string(),
                                report->isDamaged() ? toText(*report) : "samples in it could not be read",
                                aside.filename().string()));
    return {};
}

}  // namespace

StorageResult<std::vector<std::string>> repair(const fs::path& folder, Timestamp now) {
    std::error_code error;
    if (!fs::exists(folder / kArchiveFile, error)) {
        return tl::unexpected(StorageError{fmt::format("there is no record in {}", folder.string()), false});
    }
    const auto lock = FolderLock::take(folder);
    if (!lock) return tl::unexpected(lock.error());
    return Repairer(folder, now).run();
}

}  // namespace tagwire::history
