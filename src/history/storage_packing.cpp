// Storage: from the journal into chunks, and what is too old out of the database.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "history/merge.h"
#include "history/storage.h"

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
constexpr seconds kRemoveInterval{60};
constexpr seconds kRetryInterval{5};

/// About, in a log; numbers need not be looked at.
std::size_t bytesOf(const HistorySample& sample) {
    constexpr std::size_t kOfNumber = 16;
    const auto& value = sample.value.value;
    if (!value.isArray() && value.type() <= BuiltInType::Double) return kOfNumber;
    SampleLog log;
    log.append(sample);
    return log.bytes().size();
}

}  // namespace

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
        if (auto added = archive_.addChunk(id, summarize(part), writer_.write(part), lastCommit_); !added)
            return added;
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

}  // namespace tagwire::history
