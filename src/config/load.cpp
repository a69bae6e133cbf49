#include "config/load.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "config/option_reader.h"

namespace tagwire::config {
namespace {

namespace fs = std::filesystem;

/// Far beyond any configuration written by people or pages: 500,000 tags take about 60 MB.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{256} * 1024 * 1024;

Problem problemOf(const fs::path& file, std::string reason) {
    return {.file = file.string(), .line = 0, .key = {}, .reason = std::move(reason)};
}

std::optional<TomlText> readFile(const fs::path& file, std::vector<Problem>& problems) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (!error && size > kMaxFileBytes) {
        problems.push_back(
            problemOf(file, fmt::format("is {} bytes long; at most {} are read", size, kMaxFileBytes)));
        return std::nullopt;
    }
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (error || !stream.good()) {
        const auto why = error ? error : std::error_code(errno == 0 ? EIO : errno, std::generic_category());
        problems.push_back(problemOf(file, fmt::format("cannot be read: {}", why.message())));
        return std::nullopt;
    }
    return TomlText{.file = file.string(), .text = std::move(text)};
}

std::vector<fs::path> filesOf(const fs::path& path, std::vector<Problem>& problems) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    std::vector<fs::path> files;
    for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->path().extension() == ".toml") files.push_back(entry->path());
    }
    if (error) {
        problems.push_back(problemOf(path, fmt::format("cannot be read: {}", error.message())));
    } else if (files.empty()) {
        problems.push_back(problemOf(path, "contains no *.toml file; put one there, or name a file"));
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

LoadResult load(const fs::path& path) {
    std::vector<Problem> problems;
    std::vector<TomlText> texts;
    for (const fs::path& file : filesOf(path, problems)) {
        if (auto text = readFile(file, problems)) texts.push_back(std::move(*text));
    }
    LoadResult result = loadTexts(texts);
    if (std::error_code error; result)
        result->folder = fs::is_directory(path, error) ? path : path.parent_path();
    if (problems.empty()) return result;
    if (!result) problems.insert(problems.end(), result.error().begin(), result.error().end());
    return tl::unexpected(std::move(problems));
}

LoadResult loadTexts(const std::vector<TomlText>& texts) {
    std::vector<Problem> problems;
    const toml::table tree = parseAll(texts, problems);
    ProblemList list;
    Configuration configuration;
    readTable(tree, {}, configuration, list);
    std::ranges::move(list.take(), std::back_inserter(problems));
    if (problems.empty()) return configuration;
    std::ranges::sort(problems);
    return tl::unexpected(std::move(problems));
}

}  // namespace tagwire::config
