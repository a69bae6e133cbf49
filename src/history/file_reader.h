/// A file that is read a piece at a time, also while it grows.
/// Thread: one. Lifetime: value type; the file stays readable when it is removed meanwhile.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tagwire::history {

class FileReader {
public:
    explicit FileReader(const std::filesystem::path& path)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        look();
    }
    ~FileReader() {
        if (file_ >= 0) ::close(file_);
    }
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return file_ >= 0; }
    /// For bytes that came since.
    void look() noexcept {
        struct stat status{};
        if (file_ >= 0 && ::fstat(file_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
    }
    [[nodiscard]] std::uint64_t left(std::uint64_t at) const noexcept { return size_ - std::min(size_, at); }
    /// `length` bytes from `at` on, or what there is; false: the disk could not read them.
    [[nodiscard]] bool read(std::uint64_t at, std::size_t length, std::string& out) const {
        out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length, left(at))));
        std::size_t done = 0;
        while (done < out.size()) {
            const auto got =
                ::pread(file_, out.data() + done, out.size() - done, static_cast<off_t>(at + done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            done += static_cast<std::size_t>(got);
        }
        return true;
    }

private:
    int file_;
    std::uint64_t size_ = 0;
};

}  // namespace tagwire::history
