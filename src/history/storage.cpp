#include "history/storage.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/log.h"
#include "history/merge.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::seconds;

/// Chunks of fewer samples are joined when a series has so many samples in them.
constexpr std::size_t kSmallChunk = kChunkSamples / 2;
constexpr std::size_t kMaxSmallChunks = 32;

/// Full chunks wait so long for others, because a transaction costs more than a chunk.
constexpr seconds kPackInterval{5};
/// Series packed in one transaction: some milliseconds.
constexpr std::size_t kPackedAtOnce = 512;
/// A commit without samples says that the program was still there.
constexpr seconds kAliveInterval{60};
constexpr seconds kRemoveInterval{60};
constexpr seconds kRetryInterval{5};

StorageError fileError(std::string_view what, const std::filesystem::path& path,
                       const std::error_code& error) {
    return {.message = fmt::format("{} {}: {}", what, path.string(), error.message()), .damaged = false};
}

/// About, in a log; numbers need not be looked at.
std::size_t bytesOf(const HistorySample& sample) {
    constexpr std::size_t kOfNumber = 16;
    const auto& value = sample.value.value;
    if (!value.isArray() && value.type() <= BuiltInType::Double) return kOfNumber;
    SampleLog log;
    log.append(sample);
    return log.bytes().size();
}

/// Not later, and not so long ago that the clock must have been set: then it is due, too.
bool isDue(Timestamp last, Ticks interval, Timestamp now) noexcept {
    return now < last || now - last >= interval;
}

}  // namespace

Storage::Storage(std::filesystem::path folder, StorageLimits limits)
    : folder_(std::move(folder)), limits_(limits) {}

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
    auto opened = openArchive();
    if (!opened && opened.error().damaged) opened = replaceArchive(opened.error(), now);
    if (!opened) return opened;
    recover(now);
    if (lastStop_) {
        auto begun = archive_.begin();
        if (begun) begun = archive_.addStop(*lastStop_);
        if (begun) begun = archive_.commit();
        if (!begun) return begun;
    }
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

void Storage::recover(Timestamp now) {
    std::optional<Stop> stop;
    std::size_t samples = 0;
    for (const auto& file : journalFiles(folder_)) {
        const auto end = readJournal(file, [&](const Commit& commit) {
            recover(commit);
            for (const auto& each : commit.samples) samples += each.count;
            stop = Stop{commit.time, commit.end ? kBadShutdown : kBadDataLost};
        });
        if (!end) {
            log::error("history", "{}: {}", file.string(), end.error().message);
            continue;
        }
        if (end->damaged) {
            log::error("history", "{} is damaged: {} bytes at its end cannot be read", file.string(),
                       end->left);
            std::error_code error;
            auto aside = file;
            aside += fmt::format(".damaged-{:%Y%m%dT%H%M%SZ}", std::chrono::floor<seconds>(now));
            std::filesystem::copy_file(file, aside, error);
            if (!error) log::error("history", "a copy is kept as {}", aside.string());
        }
        std::error_code error;
        oldJournals_.push_back(file);
        oldJournalBytes_ += std::filesystem::file_size(file, error);
    }
    lastStop_ = stop;
    if (samples > 0) log::info("history", "{} samples of the last run found in the journal", samples);
}

void Storage::recover(const Commit& commit) {
    lastCommit_ = std::max(lastCommit_, commit.id);
    for (const auto& [id, path] : commit.series) {
        auto& series = ensure(id);
        series.path = path;
        byPath_.emplace(path, id);
    }
    for (const auto& [id, count, log] : commit.samples) {
        if (id.index() >= series_.size() || series_[id.index()].path.empty()) continue;
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
    for (auto& series : series_) series.declared = false;
    // When this run began, or went on in a new file.
    return writeCommit(now, false);
}

SeriesId Storage::seriesOf(const TagPath& path) {
    const auto found = byPath_.find(path.text());
    if (found != byPath_.end()) return found->second;
    const SeriesId id{static_cast<SeriesId::Representation>(std::max<std::size_t>(series_.size(), 1))};
    ensure(id).path = path.text();
    byPath_.emplace(path.text(), id);
    return id;
}

const SeriesId* Storage::find(const std::string& path) const {
    const auto found = byPath_.find(path);
    return found == byPath_.end() ? nullptr : &found->second;
}

bool Storage::append(SeriesId id, const HistorySample& sample) {
    if (isFull()) return false;
    auto& series = series_[id.index()];
    const auto before = series.log.bytes().size();
    series.log.append(sample);
    headBytes_ += series.log.bytes().size() - before;
    series.newest = std::max(series.newest, sample.value.sourceTime);
    if (!series.touched) {
        series.touched = true;
        touched_.push_back(id);
    }
    return true;
}

bool Storage::commit(Timestamp now) {
    if (touched_.empty() && !isDue(lastCommitTime_, kAliveInterval, now)) return true;
    const auto written = writeCommit(now, false);
    if (!written && journalProblem_.empty())
        log::warning("history", "recorded values wait in memory: {}", written.error().message);
    if (written && !journalProblem_.empty()) log::info("history", "recording again");
    journalProblem_ = written ? std::string{} : written.error().message;
    return written.has_value();
}

bool Storage::end(Timestamp now) { return open_ && writeCommit(now, true).has_value(); }

StorageResult<void> Storage::writeCommit(Timestamp now, bool end) {
    const CommitId id{lastCommit_.value() + 1};
    CommitWriter commit(id, now);
    for (const auto each : touched_) {
        const auto& series = series_[each.index()];
        if (!series.declared) commit.addSeries(each, series.path);
        commit.addSamples(each, series.log.count() - series.committedSamples,
                          std::string_view(series.log.bytes()).substr(series.committedBytes));
    }
    if (end) commit.addEnd();
    if (auto appended = journal_.append(commit); !appended) return appended;
    lastCommit_ = id;
    lastCommitTime_ = now;
    for (const auto each : std::exchange(touched_, {})) {
        auto& series = series_[each.index()];
        series.declared = true;
        series.touched = false;
        series.log.mark();
        series.committedBytes = series.log.bytes().size();
        series.committedSamples = series.log.count();
        if (series.oldest == CommitId{}) series.oldest = id;
        if (series.committedSamples >= kChunkSamples || series.committedBytes >= kChunkBytes)
            wantPacked(each);
    }
    return {};
}

void Storage::wantPacked(SeriesId id) {
    auto& series = series_[id.index()];
    if (std::exchange(series.waits, true)) return;
    waiting_.push_back(id);
}

bool Storage::sweepIsDue(Timestamp now) const {
    return headBytes_ >= limits_.sweepBytes || journalBytes() >= limits_.journalBytes ||
           (headBytes_ > 0 && isDue(journalBegan_, limits_.journalAge, now));
}

StorageResult<void> Storage::beginSweep(Timestamp now) {
    // What is not durable yet would be left behind in a log that begins in the middle.
    if (auto written = writeCommit(now, false); !written) return written;
    if (auto made = newJournal(now); !made) return made;
    sweeping_ = true;
    for (std::size_t i = 0; i < series_.size(); ++i) {
        if (series_[i].oldest != CommitId{}) wantPacked(SeriesId{static_cast<std::uint32_t>(i)});
    }
    return {};
}

/// Nothing that is only in the old journals is missing in the chunks.
void Storage::endSweep() {
    sweeping_ = false;
    oldJournalBytes_ = 0;
    for (const auto& file : std::exchange(oldJournals_, {})) {
        std::error_code error;
        std::filesystem::remove(file, error);
        if (error) log::warning("history", "{} cannot be removed: {}", file.string(), error.message());
    }
}

bool Storage::maintain(Timestamp now) {
    if (!open_) return false;
    if (!archiveProblem_.empty() && !isDue(archiveFailedAt_, kRetryInterval, now)) return false;
    const auto work = [&]() -> StorageResult<bool> {
        if (!sweeping_ && journalProblem_.empty() && sweepIsDue(now)) {
            if (const auto begun = beginSweep(now); !begun) return tl::unexpected(begun.error());
        }
        if (!waiting_.empty() && (sweeping_ || isDue(packedAt_, kPackInterval, now))) {
            std::vector<SeriesId> batch(
                waiting_.end() - static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kPackedAtOnce)),
                waiting_.end());
            if (const auto packed = pack(batch); !packed) return tl::unexpected(packed.error());
            waiting_.resize(waiting_.size() - batch.size());
            if (!waiting_.empty()) return true;
            packedAt_ = now;
        }
        if (sweeping_ && waiting_.empty()) endSweep();
        if (isDue(removedAt_, kRemoveInterval, now)) return removeOld(now);
        return false;
    }();
    if (!work) {
        archiveFailed(work.error(), now);
        return false;
    }
    if (!archiveProblem_.empty()) log::info("history", "the database takes samples again");
    archiveProblem_.clear();
    return *work;
}

void Storage::archiveFailed(const StorageError& error, Timestamp now) {
    if (archiveProblem_.empty()) log::warning("history", "the database takes no samples: {}", error.message);
    archiveProblem_ = error.message;
    archiveFailedAt_ = now;
    if (!error.damaged) return;
    if (const auto opened = replaceArchive(error, now); !opened) archiveProblem_ = opened.error().message;
}

StorageResult<void> Storage::pack(const std::vector<SeriesId>& batch) {
    if (auto begun = archive_.begin(); !begun) return begun;
    for (const auto id : batch) {
        if (auto packed = packOne(id); !packed) {
            archive_.rollBack();
            return packed;
        }
    }
    if (auto committed = archive_.commit(); !committed) return committed;
    for (const auto id : batch) {
        auto& series = series_[id.index()];
        headBytes_ -= series.committedBytes;
        series.log.removeFirst(series.committedBytes, series.committedSamples);
        series.committedBytes = 0;
        series.committedSamples = 0;
        series.oldest = {};
        series.through = lastCommit_;
        series.packedTo = std::max(series.packedTo, series.newest);
        series.inArchive = true;
        series.waits = false;
    }
    return {};
}

StorageResult<void> Storage::packOne(SeriesId id) {
    auto& series = series_[id.index()];
    if (!series.inArchive) {
        if (auto added = archive_.addSeries(id, series.path); !added) return added;
    }
    auto samples = readSampleLog(std::string_view(series.log.bytes()).substr(0, series.committedBytes));
    if (!samples) {
        log::error("history", "{} samples of '{}' are lost: {}", series.committedSamples, series.path,
                   samples.error().message);
        unreadable_ += series.committedSamples;
        samples.emplace();
    }
    sortSamples(*samples);
    // Late samples get chunks of their own, because one that reaches far back would overlap with many.
    const auto onTime = std::find_if(samples->begin(), samples->end(), [&](const HistorySample& sample) {
        return sample.value.sourceTime > series.packedTo;
    });
    std::vector<HistorySample> late(samples->begin(), onTime);
    samples->erase(samples->begin(), onTime);
    if (auto added = addChunks(id, std::move(late)); !added) return added;

    const bool small = samples->size() < kSmallChunk;
    if (small &&
        (series.smallSamples + samples->size() >= kChunkSamples || series.smallChunks >= kMaxSmallChunks)) {
        auto chunks = archive_.smallChunks(id, kSmallChunk, kMaxSmallChunks);
        if (!chunks) return tl::unexpected(chunks.error());
        for (const auto& chunk : *chunks) {
            auto read = reader_.read(chunk.data);
            if (!read) continue;  // stays where it is: `tagwire history verify` names it
            if (auto removed = archive_.removeChunk(chunk.row); !removed) return removed;
            samples->insert(samples->end(), std::make_move_iterator(read->begin()),
                            std::make_move_iterator(read->end()));
        }
        sortSamples(*samples);
        series.smallSamples = 0;
        series.smallChunks = 0;
    } else if (small && !samples->empty()) {
        series.smallSamples += static_cast<std::uint32_t>(samples->size());
        ++series.smallChunks;
    } else {
        series.smallSamples = 0;
        series.smallChunks = 0;
    }
    if (auto added = addChunks(id, *std::move(samples)); !added) return added;
    return archive_.setThrough(id, lastCommit_);
}

/// Several of about the same size, where it is too much for one.
StorageResult<void> Storage::addChunks(SeriesId id, std::vector<HistorySample> samples) {
    std::span<const HistorySample> rest(samples);
    auto parts = (samples.size() + kChunkSamples - 1) / kChunkSamples;
    while (!rest.empty()) {
        const auto wanted = rest.size() / std::max<std::size_t>(parts, 1);
        std::size_t bytes = 0;
        std::size_t count = 0;
        while (count < std::max<std::size_t>(wanted, 1) && bytes < kChunkBytes)
            bytes += bytesOf(rest[count++]);
        const auto part = rest.first(count);
        if (auto added = archive_.addChunk(id, summarize(part), writer_.write(part)); !added) return added;
        rest = rest.subspan(count);
        if (parts > 1) --parts;
    }
    return {};
}

StorageResult<bool> Storage::removeOld(Timestamp now) {
    if (limits_.keep) {
        const auto removed = archive_.removeBefore(now - *limits_.keep);
        if (!removed) return tl::unexpected(removed.error());
        if (*removed > 0) return true;
    }
    const auto bytes = archive_.bytes();
    if (!bytes) return tl::unexpected(bytes.error());
    archiveBytes_ = *bytes;
    if (*bytes > limits_.maxBytes) {
        const auto removed = archive_.removeOldest();
        if (!removed) return tl::unexpected(removed.error());
        if (*removed > 0) return true;
    }
    removedAt_ = now;
    return false;
}

Head Storage::head(SeriesId id) const {
    const auto& series = series_[id.index()];
    return {.series = id, .through = series.through, .log = series.log.bytes()};
}

}  // namespace tagwire::history
