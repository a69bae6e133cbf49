/// Samples of one tag in the order of arrival, as bytes: what a tag has in memory until it becomes a chunk,
/// and what the journal keeps of it (FORMAT.md, "Sample logs"). About 15 bytes a sample. Thread: any, one at
/// a time. Lifetime: value types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/history_query.h"

namespace tagwire::history {

/// Appends to a log; what follows a mark() can be read on its own.
class SampleLog {
public:
    /// A value that is too long or too deep (kMaxValueBytes, kMaxValueDepth) becomes Null with
    /// BadEncodingLimitsExceeded.
    void append(const HistorySample& sample);
    /// The next sample is written without reference to those before.
    void mark() noexcept { before_.reset(); }

    /// What another log had after a mark of its own.
    void appendLog(std::string_view bytes, std::size_t samples) {
        bytes_.append(bytes);
        count_ += samples;
        mark();
    }
    /// Removes the first `length` bytes, up to a mark, which have `samples`.
    void removeFirst(std::size_t length, std::size_t samples) {
        bytes_.erase(0, length);
        if (bytes_.empty()) bytes_.shrink_to_fit();
        count_ -= samples;
    }

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    std::string bytes_;
    std::size_t count_ = 0;
    std::optional<Timestamp> before_;
};

/// All samples of a log, or of a part from a mark to another.
[[nodiscard]] Result<std::vector<HistorySample>> readSampleLog(std::string_view bytes);

}  // namespace tagwire::history
