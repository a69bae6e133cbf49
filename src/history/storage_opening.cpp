// Storage: taking up what the last run left.
#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/log.h"
#include "history/journal_reader.h"
#include "history/storage.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {

using std::chrono::seconds;

bool Storage::open(Timestamp now) {
    if (open_) return true;
    if (const auto opened = openFiles(now); !opened) {
        if (journalProblem_ != opened.error().message)
            log::warning("history", "nothing can be recorded: {}", opened.error().message);
        journalProblem_ = opened.error().message;
        return false;
    }
    journalProblem_.clear();
    open_ = true;
    return true;
}

StorageResult<void> Storage::openFiles(Timestamp now) {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return tl::unexpected(fileError("cannot make the folder", folder_, error));
    auto lock = FolderLock::take(folder_);
    if (!lock) return tl::unexpected(lock.error());
    // An attempt that failed half-way leaves nothing behind.
    series_.clear();
    byPath_.clear();
    oldJournals_.clear();
    oldJournalBytes_ = 0;
    headBytes_ = 0;
    lastStop_.reset();
    gaps_.clear();
    auto opened = openArchive();
    if (!opened && opened.error().damaged) opened = replaceArchive(opened.error(), now);
    if (!opened) return opened;
    recover(now);
    if (lastStop_) gaps_.push_back(*lastStop_);
    if (const auto noted = noteGaps(); !noted) return noted;
    if (auto made = newJournal(now); !made) return made;
    if (const auto bytes = archive_.bytes()) archiveBytes_ = *bytes;
    lock_ = *std::move(lock);
    packedAt_ = now;
    removedAt_ = Timestamp{};
    return {};
}

StorageResult<void> Storage::openArchive() {
    archive_ = Archive{};  // closes the old one before
    auto archive = Archive::open(folder_);
    if (!archive) return tl::unexpected(archive.error());
    archive_ = *std::move(archive);
    ++archiveNumber_;
    return readSeries();
}

/// Sets the damaged database aside; what is still in memory and in the journals goes into a new one.
StorageResult<void> Storage::replaceArchive(const StorageError& error, Timestamp now) {
    log::error("history", "{} is damaged: {}", (folder_ / kArchiveFile).string(), error.message);
    damagedFiles_.insert(folder_ / kArchiveFile);
    archive_ = Archive{};
    for (const char* suffix : {"", "-wal", "-shm"})
        setAside(folder_ / (std::string(kArchiveFile) + suffix), now);
    return openArchive();
}

StorageResult<void> Storage::readSeries() {
    for (auto& series : series_) {
        series.inArchive = false;
        series.through = {};
        series.packedTo = Timestamp{Ticks::min()};
    }
    const auto rows = archive_.series();
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& row : *rows) {
        auto& series = ensure(row.id);
        series.path = row.path;
        series.inArchive = true;
        series.through = row.through;
        series.packedTo = row.last;
        series.newest = std::max(series.newest, row.last);
        lastCommit_ = std::max(lastCommit_, row.through);
        byPath_.emplace(row.path, row.id);
    }
    return {};
}

Storage::Series& Storage::ensure(SeriesId id) {
    if (series_.size() <= id.index()) series_.resize(id.index() + 1);
    return series_[id.index()];
}

void Storage::setAside(const std::filesystem::path& file, Timestamp now) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return;
    auto aside = file;
    aside += fmt::format(".damaged-{:%Y%m%dT%H%M%SZ}", std::chrono::floor<seconds>(now));
    std::filesystem::rename(file, aside, error);
    if (error) {
        log::error("history", "{} cannot be renamed: {}", file.string(), error.message());
    } else {
        log::error("history", "it is kept as {}; a new one is begun", aside.string());
    }
}

StorageResult<void> Storage::noteGaps() {
    if (gaps_.empty()) return {};
    auto done = archive_.begin();
    for (const auto& each : gaps_) {
        if (done) done = archive_.addStop(each);
    }
    if (done) return archive_.commit();
    archive_.rollBack();
    return done;
}

/// A copy of a damaged file beside it; false: there is none, and the file must stay. What was copied before
/// by a run that did not get further is not copied again.
bool Storage::keepCopy(const std::filesystem::path& file, Timestamp now) const {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    const auto prefix = file.filename().string() + ".damaged-";
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        std::error_code ignored;
        if (entry.path().filename().string().starts_with(prefix) && entry.file_size(ignored) == size)
            return true;
    }
    auto aside = file;
    aside += fmt::format(".damaged-{:%Y%m%dT%H%M%SZ}", std::chrono::floor<seconds>(now));
    std::filesystem::copy_file(file, aside, error);
    if (error) {
        log::error("history", "no copy of {} can be made, so it stays: {}", file.string(), error.message());
        std::filesystem::remove(aside, error);
        return false;
    }
    log::error("history", "a copy is kept as {}", aside.string());
    return true;
}

void Storage::recover(Timestamp now) {
    std::optional<Stop> stop;
    std::size_t samples = 0;
    bool gap = false;
    for (const auto& file : journalFiles(folder_)) {
        std::size_t nameless = 0;
        const auto report = readJournal(file, [&](const Commit& commit) {
            // Of what is missing nobody knows which tags it was about.
            if ((std::exchange(gap, false) || commit.afterDamage) && stop)
                gaps_.push_back({stop->time, kBadDataLost});
            nameless += recover(commit);
            for (const auto& each : commit.samples) samples += each.count;
            stop = Stop{commit.time, commit.end ? kBadShutdown : kBadDataLost};
        });
        if (!report) {
            log::error("history", "{}: {}", file.string(), report.error().message);
            damagedFiles_.insert(file);
            continue;
        }
        gap = gap || report->endsDamaged;
        if (report->torn > 0) {
            log::info("history", "{}: {} bytes at its end were just being written when the last run ended",
                      file.string(), report->torn);
        }
        if (nameless > 0) {
            log::error("history", "{}: {} samples are of tags whose names were in what is damaged",
                       file.string(), nameless);
            unreadable_ += nameless;
        }
        if (report->isDamaged()) {
            damagedFiles_.insert(file);
            log::error("history", "{} is damaged: {}", file.string(), toText(*report));
            if (!keepCopy(file, now)) continue;
        }
        std::error_code error;
        oldJournals_.push_back(file);
        oldJournalBytes_ += std::filesystem::file_size(file, error);
    }
    lastStop_ = stop;
    if (samples > 0) log::info("history", "{} samples of the last run found in the journal", samples);
}

/// Gives how many samples are of series without a name.
std::size_t Storage::recover(const Commit& commit) {
    lastCommit_ = std::max(lastCommit_, commit.id);
    for (const auto& [id, path] : commit.series) {
        auto& series = ensure(id);
        series.path = path;
        byPath_.emplace(path, id);
    }
    std::size_t nameless = 0;
    for (const auto& [id, count, log] : commit.samples) {
        if (id.index() >= series_.size() || series_[id.index()].path.empty()) {
            nameless += count;
            continue;
        }
        auto& series = series_[id.index()];
        if (commit.id <= series.through) continue;
        series.log.appendLog(log, count);
        series.committedBytes = series.log.bytes().size();
        series.committedSamples = series.log.count();
        if (series.oldest == CommitId{}) series.oldest = commit.id;
        headBytes_ += log.size();
        if (const auto read = readSampleLog(log); read && !read->empty()) {
            for (const auto& sample : *read) series.newest = std::max(series.newest, sample.value.sourceTime);
        }
        if (series.committedSamples >= kChunkSamples) wantPacked(id);
    }
    return nameless;
}

StorageResult<void> Storage::newJournal(Timestamp now) {
    auto made = Journal::create(folder_, CommitId{lastCommit_.value() + 1});
    if (!made) return tl::unexpected(made.error());
    if (!journal_.path().empty()) {
        oldJournals_.push_back(journal_.path());
        oldJournalBytes_ += journal_.bytes();
    }
    journal_ = *std::move(made);
    journalBegan_ = now;
    // Each file tells its series itself: the database may be lost.
    for (auto& series : series_) series.declared = 0;
    // When this run began, or went on in a new file.
    return writeCommit(now, false);
}

}  // namespace tagwire::history
