#include "history/journal_tail.h"

#include <utility>

#include <fmt/format.h>

#include "history/journal.h"

namespace tagwire::history {
namespace {

/// Between a look at the folder and opening one of its files the recorder may remove it, more than once.
constexpr int kMaxLooks = 10;

}  // namespace

bool JournalTail::openFile(const std::filesystem::path& file) {
    path_ = file;
    file_ = std::make_unique<FileReader>(file);
    at_ = kJournalMagic.size();
    if (file_->isOpen()) return true;
    file_.reset();
    return false;
}

JournalTail::Next JournalTail::readNext() {
    file_->look();
    if (file_->left(at_) < kCommitHeadBytes) return Next::NotWhole;
    if (!file_->read(at_, kCommitHeadBytes, bytes_)) return Next::Unreadable;
    const auto head = headOf(bytes_);
    if (head.length > file_->left(at_ + kCommitHeadBytes)) return Next::NotWhole;
    if (!file_->read(at_ + kCommitHeadBytes, head.length, bytes_)) return Next::Unreadable;
    auto commit = wholeCommit(bytes_, head.sum);
    if (!commit) return Next::NotWhole;
    commit_ = *std::move(commit);
    at_ += kCommitHeadBytes + head.length;
    for (const auto& [id, path] : commit_.series) paths_.try_emplace(id, path);
    return Next::Commit;
}

JournalTail::Found JournalTail::find(CommitId wanted) {
    for (int look = 0; look < kMaxLooks;) {
        if (file_ && commit_.id >= wanted) file_.reset();  // back to what was read before
        if (file_) {
            const auto next = readNext();
            if (next == Next::Commit && commit_.id < wanted) continue;
            if (next == Next::Commit && commit_.id == wanted) return {.commit = &commit_};
        }
        // Here it is not: perhaps in a later file.
        ++look;
        const auto files = journalFiles(folder_);
        const std::filesystem::path* holder = nullptr;
        for (const auto& file : files) {
            if (firstCommit(file) <= wanted) holder = &file;
        }
        if (holder == nullptr) {
            file_.reset();
            if (files.empty()) continue;
            return {.begins = firstCommit(files.front())};
        }
        if (file_ && *holder == path_) {
            file_.reset();
            return {.problem =
                        fmt::format("{} is damaged before commit {}", holder->string(), wanted.value())};
        }
        commit_ = {};
        (void)openFile(*holder);
    }
    return {.problem = fmt::format("the journal in {} cannot be read", folder_.string())};
}

const std::string& JournalTail::pathOf(SeriesId series) const {
    static const std::string kNone;
    const auto found = paths_.find(series);
    return found == paths_.end() ? kNone : found->second;
}

}  // namespace tagwire::history
