#include "history/folder_lock.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace tagwire::history {

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

StorageResult<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    const int file = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    FolderLock lock(file);
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
    const int error = errno;
    return tl::unexpected(StorageError{
        error == EWOULDBLOCK && file >= 0
            ? fmt::format("another program records into {} already; give each its own history.folder",
                          folder.string())
            : fmt::format("{} cannot be written: {}", folder.string(),
                          std::generic_category().message(error)),
        false});
}

}  // namespace tagwire::history
