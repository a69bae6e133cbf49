/// Only one program may write into a folder.
/// Thread: one at a time. Lifetime: the folder is locked as long as the object lives.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "history/sqlite.h"

namespace tagwire::history {

class FolderLock {
public:
    FolderLock() = default;
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FolderLock& operator=(FolderLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// The lock goes with the process, however it ends.
    [[nodiscard]] static StorageResult<FolderLock> take(const std::filesystem::path& folder);

private:
    explicit FolderLock(int file) noexcept : file_(file) {}
    int file_ = -1;
};

}  // namespace tagwire::history
