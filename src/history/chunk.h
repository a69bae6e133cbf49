/// A chunk: up to about a thousand samples of one tag in time order, column by column, compressed and checked
/// (FORMAT.md, "Chunks").
/// Thread: any, each with its own codec. Lifetime: functions and value types; a codec keeps buffers from one
/// chunk to the next.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <zstd.h>

#include "base/free_with.h"
#include "base/result.h"
#include "history/number.h"
#include "history/summary.h"
#include "model/history_query.h"

namespace tagwire::history {

/// A chunk is closed when it has so many samples.
inline constexpr std::size_t kChunkSamples = 1024;
/// Or so many bytes before compression: strings and structures may be long.
inline constexpr std::size_t kChunkBytes = std::size_t{2} << 20U;
/// What is longer than so many bytes is not recorded, so that a chunk fits into kMaxChunkBytes.
inline constexpr std::size_t kMaxValueBytes = std::size_t{1} << 20U;
/// No reader unpacks more.
inline constexpr std::size_t kMaxChunkBytes = std::size_t{8} << 20U;
inline constexpr std::size_t kMaxChunkSamples = 65'536;

class ChunkWriter {
public:
    ChunkWriter();

    /// In time order, at most kMaxChunkSamples of at most kMaxValueBytes each, together about kChunkBytes;
    /// every value has passed a SampleLog, which refuses what cannot be written.
    [[nodiscard]] std::string write(std::span<const HistorySample> samples);

private:
    void pack(std::string& out);

    std::unique_ptr<ZSTD_CCtx, FreeWith<ZSTD_freeCCtx>> zstd_;
    std::string raw_;
};

[[nodiscard]] Summary summarize(std::span<const HistorySample> samples) noexcept;

class ChunkReader {
public:
    ChunkReader();

    [[nodiscard]] Result<std::vector<HistorySample>> read(std::string_view chunk);

    /// Only times, numbers and statuses: several times faster. What is no number becomes kNoNumber. The span
    /// holds until the next call.
    [[nodiscard]] Result<std::span<const NumberSample>> readNumbers(std::string_view chunk);

private:
    /// Numbers: at least the columns that come first, up to the values.
    enum class Columns : std::uint8_t { Numbers, All };

    [[nodiscard]] bool unpackFrame(std::string_view frame, std::size_t bytes);
    [[nodiscard]] Result<std::size_t> unpack(std::string_view chunk, Columns columns);

    std::unique_ptr<ZSTD_DCtx, FreeWith<ZSTD_freeDCtx>> zstd_;
    std::string raw_;
    std::vector<std::int64_t> times_;
    std::vector<NumberSample> numbers_;
};

}  // namespace tagwire::history
