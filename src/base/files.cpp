#include "base/files.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace tagwire {
namespace {

namespace fs = std::filesystem;

std::string lastError() { return std::generic_category().message(errno); }

tl::unexpected<Error> refuse(const fs::path& file, std::string_view what, std::string_view why) {
    return fail(fmt::format("`{}` cannot be {}: {}", file.string(), what, why));
}

/// A name beside `file` that nobody else uses.
fs::path temporaryFor(const fs::path& file) {
    static std::atomic<std::uint64_t> count{0};
    return file.parent_path() / fmt::format(".tmp-{}-{}", ::getpid(), count.fetch_add(1));
}

bool writeAll(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Writes a temporary file beside `file`; the caller puts it in its place and removes it.
Result<fs::path> writeBeside(const fs::path& file, std::string_view bytes, mode_t mode) {
    fs::path temporary = temporaryFor(file);
    const Descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (out.get() < 0) return refuse(file, "written", lastError());
    // The mode holds whatever the umask is; the contents are on the disk before the name is.
    if (::fchmod(out.get(), mode) == 0 && writeAll(out.get(), bytes) && ::fsync(out.get()) == 0)
        return temporary;
    const std::string why = lastError();
    ::unlink(temporary.c_str());
    return refuse(file, "written", why);
}

}  // namespace

Result<std::optional<std::string>> readFileIfThere(const fs::path& file, std::size_t maxBytes) {
    // Not to wait for ever should it be a pipe.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (in.get() < 0 && errno == ENOENT) return std::nullopt;
    if (in.get() < 0) return refuse(file, "read", lastError());
    std::string bytes;
    std::array<char, 8192> part{};
    for (;;) {
        const auto size = ::read(in.get(), part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return refuse(file, "read", lastError());
        if (size == 0) return bytes;
        bytes.append(part.data(), static_cast<std::size_t>(size));
        if (bytes.size() > maxBytes)
            return refuse(file, "read", fmt::format("it is longer than {} bytes", maxBytes));
    }
}

Result<std::string> readFile(const fs::path& file, std::size_t maxBytes) {
    auto bytes = readFileIfThere(file, maxBytes);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    if (!*bytes) return refuse(file, "read", std::generic_category().message(ENOENT));
    return *std::move(*bytes);
}

Result<std::string> readSecretFile(const fs::path& file, std::size_t maxBytes) {
    auto text = readFile(file, maxBytes);
    while (text && (text->ends_with('\n') || text->ends_with('\r'))) text->pop_back();
    return text;
}

Result<void> replaceFile(const fs::path& file, std::string_view bytes, mode_t mode) {
    auto temporary = writeBeside(file, bytes, mode);
    if (!temporary) return tl::unexpected(std::move(temporary.error()));
    auto moved = moveFile(*temporary, file);
    if (!moved) ::unlink(temporary->c_str());
    return moved;
}

Result<bool> createFile(const fs::path& file, std::string_view bytes, mode_t mode) {
    auto temporary = writeBeside(file, bytes, mode);
    if (!temporary) return tl::unexpected(std::move(temporary.error()));
    const int linked = ::link(temporary->c_str(), file.c_str());
    const int error = errno;
    ::unlink(temporary->c_str());
    if (linked == 0) return true;
    if (error == EEXIST) return false;
    return refuse(file, "written", std::generic_category().message(error));
}

Result<void> moveFile(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    return refuse(to, "written", lastError());
}

Result<void> makeFolder(const fs::path& folder, mode_t mode) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), mode) == 0 || errno == EEXIST) return {};
    return fail(fmt::format("the folder `{}` cannot be made: {}", folder.string(), lastError()));
}

}  // namespace tagwire
