/// The database of chunks, as queries see it: each within one transaction, so that nothing changes on the
/// way. Thread: the one that asks. Lifetime: of a connection; opened anew when the recorder replaced the
/// database.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "history/archive.h"

namespace tagwire::history {

struct ChunkRef {
    std::int64_t row = 0;
    Timestamp first;
    Timestamp last;
    Summary summary;
};

class ArchiveReader {
public:
    [[nodiscard]] static StorageResult<ArchiveReader> open(const std::filesystem::path& folder);

    [[nodiscard]] StorageResult<void> begin() { return database_.run("BEGIN"); }
    void end() {
        data_.reset();  // a statement under way would keep what it saw
        (void)database_.run("ROLLBACK");
    }

    /// Up to which commit of the journal the samples of a series are in chunks.
    [[nodiscard]] StorageResult<CommitId> through(SeriesId series);
    /// Chunks with samples in [from, to), or that may have some; at most `limit`, in the order of their last
    /// samples.
    [[nodiscard]] StorageResult<std::vector<ChunkRef>> chunks(SeriesId series, Timestamp from, Timestamp to,
                                                              std::size_t limit);
    /// The one that ends last before `time`.
    [[nodiscard]] StorageResult<std::optional<ChunkRef>> chunkBefore(SeriesId series, Timestamp time);
    /// The chunk itself; until the next call.
    [[nodiscard]] StorageResult<std::string_view> data(std::int64_t row);

    /// In [from, to), in order.
    [[nodiscard]] StorageResult<std::vector<Stop>> stops(Timestamp from, Timestamp to);
    /// The last before `time`.
    [[nodiscard]] StorageResult<std::optional<Stop>> stopBefore(Timestamp time);

private:
    Database database_;
    Statement through_;
    Statement chunks_;
    Statement chunkBefore_;
    Statement data_;
    Statement stops_;
    Statement stopBefore_;
};

}  // namespace tagwire::history
