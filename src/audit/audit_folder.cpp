#include "audit/audit_folder.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>
#include <thread>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "audit/audit_line.h"
#include "base/files.h"
#include "base/json_text.h"
#include "base/strict_json.h"

namespace tagwire::audit {
namespace {

constexpr const char* kHeadFile = "head.json";
constexpr std::size_t kMaxHeadBytes = 1024;
constexpr std::string_view kPrefix = "audit-";
constexpr std::string_view kSuffix = ".jsonl";
constexpr std::size_t kDigits = 12;
constexpr std::chrono::milliseconds kWaitForLock{2000};
constexpr std::chrono::milliseconds kLookAgain{10};

std::optional<std::uint64_t> firstOf(std::string_view name) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) ||
        name.size() < kPrefix.size() + kDigits + kSuffix.size())
        return std::nullopt;
    const auto digits = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    std::uint64_t first = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
    if (error != std::errc{} || end != digits.data() + digits.size() || first == 0) return std::nullopt;
    return first;
}

Result<Head> parseHead(std::string_view text) {
    const auto json = parseStrictJson(text, 1, {});
    const auto* object = json ? json->if_object() : nullptr;
    const auto* number = object == nullptr ? nullptr : object->if_contains("n");
    const auto* chain = object == nullptr ? nullptr : object->if_contains("chain");
    if (number == nullptr || chain == nullptr || !number->is_int64() || number->get_int64() < 0 ||
        !chain->is_string() || chain->get_string().size() != kChainCharacters)
        return fail(R"(expected {"n":NUMBER,"chain":"SHA-256"})");
    const auto& digits = chain->get_string();
    return Head{.number = static_cast<std::uint64_t>(number->get_int64()),
                .chain = std::string(digits.data(), digits.size())};
}

}  // namespace

Result<std::optional<Head>> readHead(const std::filesystem::path& folder) {
    const auto file = folder / kHeadFile;
    auto text = readFileIfThere(file, kMaxHeadBytes);
    if (!text) return tl::unexpected(text.error());
    if (!*text) return std::optional<Head>{};
    while (!(*text)->empty() && (*text)->back() == '\n') (*text)->pop_back();
    auto head = parseHead(**text);
    if (!head) return fail(fmt::format("{}: {}", file.string(), head.error().message));
    return std::optional(*std::move(head));
}

Result<void> writeHead(const std::filesystem::path& folder, const Head& head) {
    std::string text;
    {
        ObjectWriter out(text);
        out.member("n", head.number);
        out.member("chain", head.chain);
    }
    return replaceFile(folder / kHeadFile, text + '\n', 0600);
}

std::filesystem::path pathOfFile(const std::filesystem::path& folder, std::uint64_t first) {
    return folder / fmt::format("{}{:012}{}", kPrefix, first, kSuffix);
}

Result<std::vector<LogFile>> filesOf(const std::filesystem::path& folder) {
    std::vector<LogFile> files;
    std::error_code error;
    for (auto each = std::filesystem::directory_iterator(folder, error);
         !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
        if (const auto first = firstOf(each->path().filename().string()))
            files.push_back({.first = *first, .path = each->path()});
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return fail(fmt::format("{} cannot be read: {}", folder.string(), error.message()));
    std::ranges::sort(files, {}, &LogFile::first);
    return files;
}

Result<Descriptor> lockFolder(const std::filesystem::path& folder) {
    // The one above it is for secrets, too.
    if (auto made = makeFolder(folder.parent_path(), 0700); !made) return tl::unexpected(made.error());
    if (auto made = makeFolder(folder, 0700); !made) return tl::unexpected(made.error());
    if (::chmod(folder.c_str(), 0700) != 0) {
        return fail(fmt::format("{} cannot be closed to other accounts: {}", folder.string(),
                                std::generic_category().message(errno)));
    }
    Descriptor lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.get() < 0) {
        return fail(
            fmt::format("{} cannot be written: {}", folder.string(), std::generic_category().message(errno)));
    }
    const auto until = std::chrono::steady_clock::now() + kWaitForLock;
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() > until)
            return fail(fmt::format("another program holds {} locked", (folder / "lock").string()));
        std::this_thread::sleep_for(kLookAgain);
    }
    return lock;
}

}  // namespace tagwire::audit
