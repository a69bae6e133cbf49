/// Reads the lines of a file from its end, a block at a time.
/// Thread: one at a time. Lifetime: what it reads from outlives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace tagwire::audit {

class BackwardLines {
public:
    static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;

    /// Fills `to` with the bytes from `offset` on; false: they cannot be read.
    using ReadAt = std::function<bool(std::uint64_t offset, std::span<char> to)>;

    BackwardLines(ReadAt readAt, std::uint64_t size, std::size_t blockBytes = kBlockBytes)
        : readAt_(std::move(readAt)), start_(size), blockBytes_(blockBytes) {}

    /// The line before, without its line break; nothing where there is none, or it cannot be read. What
    /// stands behind the last line break is being written, and left out, and so are lines that are longer
    /// than entries can be.
    [[nodiscard]] std::optional<std::string> next();

private:
    bool loadBlock();
    bool cutEnd();

    ReadAt readAt_;
    std::uint64_t start_;  ///< of what is in memory, within the file
    std::string buffer_;   ///< ends with a line break, or is empty
    bool begun_ = false;
    bool skipping_ = false;  ///< the line at the end of the buffer is only the rest of one that is too long
    std::size_t blockBytes_;
};

}  // namespace tagwire::audit
