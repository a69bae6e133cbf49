/// Reads one tag after the other from one state of the archive, and from what the recorder has in memory.
/// Thread: one at a time. Lifetime: owned by the query runner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <utility>

#include "history/archive_reader.h"
#include "history/chunk.h"
#include "history/series_scan.h"
#include "history/storage.h"
#include "model/history_query.h"

namespace tagwire::history {

class SeriesReader {
public:
    explicit SeriesReader(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// From here to end() the archive does not change for this reader. `archive`: Storage::archiveNumber().
    [[nodiscard]] StorageResult<void> begin(std::uint64_t archive);
    void end() { archive_->end(); }

    /// Whether the archive holds just what is not in the head.
    [[nodiscard]] StorageResult<bool> isCurrent(const Head& head);

    [[nodiscard]] SeriesScan scan(const Head& head, const std::stop_token& stop) {
        return {*archive_, chunks_, head, stop};
    }
    [[nodiscard]] StorageResult<HistorySeries> intervals(const HistoryQuery& query, const TagPath& tag,
                                                         const Head& head, const std::stop_token& stop,
                                                         Timestamp now);
    /// `tag`: its place in the query.
    [[nodiscard]] StorageResult<HistorySeries> interpolated(const HistoryQuery& query, std::size_t tag,
                                                            const Head& head, const std::stop_token& stop,
                                                            Timestamp now);

private:
    std::filesystem::path folder_;
    std::uint64_t opened_ = 0;
    std::optional<ArchiveReader> archive_;
    ChunkReader chunks_;
};

}  // namespace tagwire::history
