/// Values that wait for a gateway, the oldest first: in memory, and in files where a folder is given, so that
/// they outlive the process. Bounded: the oldest go first, are counted, and the next value of each item then
/// carries the overflow bit. Files are read back as what they are, the work of anybody: a line that is none
/// of ours is counted as lost. Thread: one at a time. Lifetime: owns its folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "link/out_value.h"

namespace tagwire::da {

struct StoredValue {
    std::string id;  ///< of the item: handles do not outlive a connection to the DA server
    OutValue value;
    std::uint64_t number = 0;  ///< in the order of reading
};

/// A line of a file, without its end.
[[nodiscard]] std::string storedLine(std::string_view id, const OutValue& value);
[[nodiscard]] std::optional<StoredValue> parseStoredLine(std::string_view line);

class Backlog {
public:
    struct Options {
        std::filesystem::path folder;  ///< empty: memory alone
        std::uint64_t maxBytes = 0;    ///< at least kMinBytes
    };
    static constexpr std::uint64_t kMinBytes = std::uint64_t{1} * 1024 * 1024;

    /// What an earlier process has left in the folder comes first. The error: the folder cannot be used.
    [[nodiscard]] static Result<Backlog> open(Options options);

    /// Its time is known.
    void add(std::string_view id, const OutValue& value);

    /// The oldest, at least one and not more than so many bytes of them; they stay. Empty: there are none.
    [[nodiscard]] std::vector<StoredValue> front(std::size_t bytes);
    /// Forgets those up to this number.
    void drop(std::uint64_t number);

    /// Writes what is in memory alone.
    void flush();

    /// Values that found no room, or could not be written or read, so far.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

private:
    /// A file, or what would be one.
    struct Segment {
        std::uint64_t number = 0;
        std::uint64_t bytes = 0;
        std::uint64_t count = 0;          ///< lines
        std::size_t written = 0;          ///< of `text`
        bool afterLoss = false;           ///< values before its first are missing
        std::optional<std::string> text;  ///< none: in the file alone
    };

    explicit Backlog(Options options) : options_(std::move(options)) {}
    [[nodiscard]] Result<void> readFolder();
    [[nodiscard]] std::filesystem::path fileOf(const Segment& segment) const;
    [[nodiscard]] std::uint64_t segmentBytes() const noexcept { return options_.maxBytes / 8; }
    void begin();
    [[nodiscard]] bool write(Segment& segment);
    /// Nothing more is added to the last segment.
    void seal();
    void loseFront();
    void removeFront();
    /// Reads what the first segment has more. False: nothing.
    [[nodiscard]] bool readFront();

    Options options_;
    std::deque<Segment> segments_;
    std::uint64_t bytes_ = 0;
    std::uint64_t next_ = 1;  ///< number of a segment
    std::uint64_t lost_ = 0;
    bool lostBefore_ = false;  ///< before what is added next

    // Of the first segment:
    std::deque<StoredValue> head_;
    std::size_t read_ = 0;         ///< bytes of it
    std::uint64_t readLines_ = 0;  ///< of it
    std::uint64_t numbered_ = 0;   ///< the number that was given last
    std::optional<std::unordered_set<std::string>>
        marked_;  ///< ids whose loss was told; none: nothing was lost
};

}  // namespace tagwire::da
