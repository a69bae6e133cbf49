/// Answers queries from the database and from what the recorder has in memory.
/// Thread: the reader's, which takes a second one for a question about several tags. Lifetime: owned by the
/// reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "history/series_reader.h"
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
    explicit QueryRunner(const std::filesystem::path& folder);

    /// Nothing when samples moved from memory into the database meanwhile: ask the recorder again.
    [[nodiscard]] std::optional<ServiceResult<HistoryAnswer>> run(const HistoryQuery& query,
                                                                  const HeadSnapshot& snapshot,
                                                                  const std::stop_token& stop, Timestamp now);

private:
    struct Question {
        const HistoryQuery& query;
        const HeadSnapshot& snapshot;
        const std::stop_token& stop;
        Timestamp now;
    };

    // These give false when samples moved meanwhile.
    template <class Work>
    [[nodiscard]] static StorageResult<bool> reading(SeriesReader& reader, const Question& question,
                                                     Work work);
    [[nodiscard]] StorageResult<bool> shared(const Question& question, HistoryAnswer& answer);
    [[nodiscard]] StorageResult<bool> share(std::size_t first, std::size_t step, const Question& question,
                                            HistoryAnswer& answer);
    [[nodiscard]] StorageResult<bool> raw(const Question& question, HistoryAnswer& answer);
    [[nodiscard]] StorageResult<void> page(const Question& question, HistoryAnswer& answer);

    /// Two, so that a long question leaves the other processors to those who push.
    std::array<SeriesReader, 2> readers_;
};

}  // namespace tagwire::history
