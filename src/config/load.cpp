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

std::vector<fs::path> tomlFilesIn(const fs::path& folder, std::vector<Problem>& problems) {
    std::error_code error;
    std::vector<fs::path> files;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->path().extension() == ".toml") files.push_back(entry->path());
    }
    if (error) problems.push_back(problemOf(folder, fmt::format("cannot be read: {}", error.message())));
    std::ranges::sort(files);
    return files;
}

std::vector<fs::path> filesOf(const fs::path& path, std::vector<Problem>& problems) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    const auto before = problems.size();
    auto files = tomlFilesIn(path, problems);
    if (files.empty() && problems.size() == before)
        problems.push_back(problemOf(path, "contains no *.toml file; put one there, or name a file"));
    return files;
}

std::vector<fs::path> addedFilesIn(const fs::path& folder, std::vector<Problem>& problems) {
    const auto added = folder / kAddedSourcesFolder;
    std::error_code error;
    return fs::exists(added, error) ? tomlFilesIn(added, problems) : std::vector<fs::path>{};
}

}  // namespace

fs::path folderOf(const std::optional<fs::path>& path) {
    if (!path) return {};
    std::error_code error;
    return fs::is_directory(*path, error) ? *path : path->parent_path();
}

LoadResult load(const std::optional<fs::path>& path, const std::optional<TomlText>& instead) {
    std::vector<Problem> problems;
    std::vector<fs::path> files;
    if (path) files = filesOf(*path, problems);
    std::ranges::move(addedFilesIn(folderOf(path), problems), std::back_inserter(files));
    std::vector<TomlText> texts;
    for (const fs::path& file : files) {
        if (instead && instead->file == file.string()) continue;
        if (auto text = readFile(file, problems)) texts.push_back(std::move(*text));
    }
    if (instead) texts.push_back(*instead);
    LoadResult result = loadTexts(texts);
    if (result) result->folder = folderOf(path);
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
