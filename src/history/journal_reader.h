/// Reads the journals that earlier runs left: whatever of them is whole, also behind a damaged place.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "history/archive.h"

namespace tagwire::history {

struct Commit {
    struct Series {
        SeriesId id;
        std::string_view path;
    };
    struct Samples {
        SeriesId id;
        std::size_t count;
        std::string_view log;
    };
    CommitId id;
    Timestamp time;
    std::vector<Series> series;
    std::vector<Samples> samples;
    bool end = false;
    /// Between the commit before it in the file and this one is something that cannot be read.
    bool afterDamage = false;
};

/// What is before a commit.
struct CommitHead {
    std::uint32_t length = 0;
    std::uint32_t sum = 0;
};

/// `bytes` has at least kCommitHeadBytes.
[[nodiscard]] CommitHead headOf(std::string_view bytes) noexcept;

/// None where the checksum, or what is behind it, is wrong. Refers to `payload`.
[[nodiscard]] std::optional<Commit> wholeCommit(std::string_view payload, std::uint32_t sum);

/// The error is for a text without meaning behind a right checksum.
[[nodiscard]] Result<Commit> readCommit(std::string_view bytes);

struct JournalReport {
    /// Bytes at the end, of a commit that was just being written when the program or the power went.
    std::uint64_t torn = 0;
    /// Bytes that were whole once and cannot be read any more, and where the first of them is.
    std::uint64_t damaged = 0;
    std::uint64_t damagedAt = 0;
    /// Some of them are behind the last whole commit.
    bool endsDamaged = false;
    /// Commits that are whole but for their length, and were taken.
    std::uint64_t mended = 0;

    [[nodiscard]] bool isDamaged() const noexcept { return damaged > 0 || mended > 0; }
};

/// In words for an administrator; for what isDamaged().
[[nodiscard]] std::string toText(const JournalReport& report);

/// Calls `take` for each whole commit, in order. Where one is not whole, the next whole one is looked for.
[[nodiscard]] StorageResult<JournalReport> readJournal(const std::filesystem::path& file,
                                                       const std::function<void(const Commit&)>& take);

/// The same for a journal's bytes.
[[nodiscard]] JournalReport readJournalBytes(std::string_view bytes,
                                             const std::function<void(const Commit&)>& take);

}  // namespace tagwire::history
