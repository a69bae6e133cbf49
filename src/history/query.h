/// Answers queries from the database and from what the recorder has in memory.
/// Thread: the reader's. Lifetime: owned by the reader.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "history/archive_reader.h"
#include "history/chunk.h"
#include "history/storage.h"
#include "model/history_query.h"
#include "model/service_answer.h"

namespace tagwire::history {

/// The error says what is wrong with it.
[[nodiscard]] std::optional<ServiceFailure> checkQuery(const HistoryQuery& query);

/// What the recorder had in memory when it was asked.
struct HeadSnapshot {
    /// Storage::archiveNumber().
    std::uint64_t archive = 0;
    /// One for each tag of the query; none where the history does not know it.
    std::vector<std::optional<Head>> heads;
};

class QueryRunner {
public:
    explicit QueryRunner(std::filesystem::path folder);

    /// Nothing when samples moved from memory into the database meanwhile: ask the recorder again.
    [[nodiscard]] std::optional<ServiceResult<HistoryAnswer>> run(const HistoryQuery& query,
                                                                  const HeadSnapshot& snapshot,
                                                                  const std::stop_token& stop, Timestamp now);

private:
    [[nodiscard]] StorageResult<void> open(std::uint64_t archive);
    [[nodiscard]] StorageResult<bool> isCurrent(const HeadSnapshot& snapshot);
    [[nodiscard]] StorageResult<HistoryAnswer> answer(const HistoryQuery& query, const HeadSnapshot& snapshot,
                                                      const std::stop_token& stop, Timestamp now);
    [[nodiscard]] StorageResult<HistoryAnswer> raw(const HistoryQuery& query, const HeadSnapshot& snapshot,
                                                   const std::stop_token& stop);
    [[nodiscard]] StorageResult<HistorySeries> intervals(const HistoryQuery& query, const TagPath& tag,
                                                         const Head& head, const std::stop_token& stop,
                                                         Timestamp now);

    [[nodiscard]] StorageResult<HistorySeries> interpolated(const HistoryQuery& query, std::size_t tag,
                                                            const Head& head, const std::stop_token& stop,
                                                            Timestamp now);

    const std::filesystem::path folder_;
    std::uint64_t opened_ = 0;
    std::optional<ArchiveReader> archive_;
    ChunkReader chunks_;
};

}  // namespace tagwire::history
