/// Walks through what the history has of one series between two times: chunks, samples that are in no chunk
/// yet, and stops of the program, in time order. Thread: the one that asks. Lifetime: within one transaction
/// of the archive.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "history/archive_reader.h"
#include "history/chunk.h"
#include "history/storage.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Gets what is there, in time order.
class ScanVisitor {
public:
    ScanVisitor() = default;
    ScanVisitor(const ScanVisitor&) = delete;
    ScanVisitor& operator=(const ScanVisitor&) = delete;
    virtual ~ScanVisitor() = default;

    /// A chunk that nothing else lies within, wholly in the asked time. True: its summary was enough.
    virtual bool summary(const Summary& summary) = 0;
    /// Whether numbers are enough for a chunk without texts.
    [[nodiscard]] virtual bool numbersOnly() const = 0;
    virtual void numbers(std::span<const NumberSample> samples) = 0;
    /// False: no more is wanted.
    virtual bool sample(const HistorySample& sample) = 0;
};

class SeriesScan {
public:
    /// Chunks of one series that one query may look at.
    static constexpr std::size_t kMaxChunks = 1'000'000;

    SeriesScan(ArchiveReader& archive, ChunkReader& chunks, const Head& head, std::stop_token stop);

    /// Only what has the newest time before `time`; nothing where nothing is known.
    [[nodiscard]] StorageResult<std::optional<HistorySample>> before(Timestamp time);

    /// Samples in [from, to). `previous` is what was before.
    [[nodiscard]] StorageResult<void> run(Timestamp from, Timestamp to,
                                          const std::optional<HistorySample>& previous, ScanVisitor& visitor);

private:
    /// Chunks, and perhaps samples of the head, whose times overlap.
    struct Cluster {
        Timestamp first;
        Timestamp last;
        std::vector<const ChunkRef*> chunks;
        std::span<const HistorySample> head;
    };

    [[nodiscard]] StorageResult<void> readHead();
    [[nodiscard]] std::vector<Cluster> cluster(std::vector<ChunkRef>& chunks,
                                               std::span<const HistorySample> head) const;
    [[nodiscard]] StorageResult<void> show(const Cluster& cluster, Timestamp from, Timestamp to);
    [[nodiscard]] StorageResult<bool> showAlone(const ChunkRef& chunk, Timestamp from, Timestamp to);
    [[nodiscard]] StorageResult<std::vector<HistorySample>> read(const ChunkRef& chunk);
    void showStopsUntil(Timestamp time);
    void showSample(const HistorySample& sample);

    ArchiveReader& archive_;
    ChunkReader& reader_;
    const Head& head_;
    const std::stop_token stop_;
    std::optional<std::vector<HistorySample>> headSamples_;

    // Of a run:
    ScanVisitor* visitor_ = nullptr;
    std::vector<Stop> stops_;
    std::size_t nextStop_ = 0;
    /// Whether what was shown last is a value that holds, which a stop ends.
    bool holds_ = false;
    bool done_ = false;
};

/// What a stop of the program is for each tag.
[[nodiscard]] HistorySample stopSample(const Stop& stop);

}  // namespace tagwire::history
