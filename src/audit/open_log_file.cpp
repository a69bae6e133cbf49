#include "audit/open_log_file.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tagwire::audit {
namespace {

/// How many were read.
std::size_t readUpTo(int file, std::uint64_t offset, std::span<char> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const auto got = ::pread(file, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

}  // namespace

Result<OpenLogFile> OpenLogFile::open(const std::filesystem::path& path) {
    // Not to wait for ever should it be a pipe.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        return fail(
            fmt::format("{} cannot be read: {}", path.string(), std::generic_category().message(errno)));
    }
    return OpenLogFile(std::move(file), static_cast<std::uint64_t>(status.st_size));
}

std::uint64_t OpenLogFile::endOfLastLine() const {
    auto end = size_;
    while (end > 0) {
        const auto count = std::min<std::uint64_t>(end, BackwardLines::kBlockBytes);
        const auto block = bytes(end - count, count);
        const auto found = block.rfind('\n');
        if (found != std::string::npos) return end - count + found + 1;
        end -= count;
    }
    return 0;
}

std::string OpenLogFile::bytes(std::uint64_t offset, std::uint64_t count) const {
    std::string text(static_cast<std::size_t>(count), '\0');
    text.resize(readUpTo(file_.get(), offset, text));
    return text;
}

BackwardLines OpenLogFile::backward() const {
    return {[file = file_.get()](std::uint64_t offset, std::span<char> to) {
                return readUpTo(file, offset, to) == to.size();
            },
            size_};
}

}  // namespace tagwire::audit
