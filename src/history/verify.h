/// Reads the whole record and says what of it is damaged: `tagwire history verify`.
/// Thread: one; the program that records may run meanwhile. Lifetime: function.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "history/sqlite.h"

namespace tagwire::history {

struct Verification {
    std::uint64_t series = 0;
    std::uint64_t chunks = 0;
    std::uint64_t samples = 0;
    std::uint64_t chunkBytes = 0;
    std::uint64_t commits = 0;
    std::uint64_t journalSamples = 0;
    /// Each in one line: which tag, from when to when, what is wrong.
    std::vector<std::string> problems;
};

/// The error is for a record that cannot be read at all.
[[nodiscard]] StorageResult<Verification> verify(const std::filesystem::path& folder);

}  // namespace tagwire::history
