/// Reads on in the journal behind the recorder, commit by commit, while it is written.
/// Thread: one, not the recorder's. Lifetime: as long as somebody reads on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "history/file_reader.h"
#include "history/journal_reader.h"

namespace tagwire::history {

class JournalTail {
public:
    explicit JournalTail(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Exactly one is set.
    struct Found {
        /// Until the next call.
        const Commit* commit = nullptr;
        /// It is not in the journal any more, which begins with this one.
        std::optional<CommitId> begins{};
        /// It should be there and cannot be read.
        std::string problem{};
    };
    /// A commit that is durable.
    [[nodiscard]] Found find(CommitId wanted);

    /// Of a series that had samples in a commit that was found; empty: its name was in what is damaged.
    [[nodiscard]] const std::string& pathOf(SeriesId series) const;

private:
    enum class Next : std::uint8_t { Commit, NotWhole, Unreadable };
    [[nodiscard]] Next readNext();
    bool openFile(const std::filesystem::path& file);

    const std::filesystem::path folder_;
    std::filesystem::path path_;
    std::unique_ptr<FileReader> file_;
    std::uint64_t at_ = 0;
    std::string bytes_;
    Commit commit_;
    /// Numbers are for ever, so this lasts from file to file.
    std::unordered_map<SeriesId, std::string> paths_;
};

}  // namespace tagwire::history
