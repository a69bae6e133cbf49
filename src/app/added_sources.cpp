#include "app/added_sources.h"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/files.h"
#include "config/toml_files.h"
#include "model/generated/status_codes.h"
#include "source/opcua/text/asked_address.h"

namespace tagwire::app {
namespace {

namespace fs = std::filesystem;
using source::opcua::OpcUaOptions;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;  // it may hold a password
constexpr std::size_t kMaxFileBytes = std::size_t{64} * 1024 * 1024;

/// FNV-1a: names that differ only in what a file's name cannot hold stay different.
std::uint32_t hashOf(std::string_view text) noexcept {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash;
}

toml::table tableOf(const NewTag& tag) {
    toml::table entry{{"name", tag.name}, {"node", tag.node}};
    if (!tag.limits) return entry;
    toml::table limits{{"from_server", false}};
    const auto put = [&limits](std::string_view key, const std::optional<double>& limit) {
        if (limit) limits.insert(key, *limit);
    };
    put("low_low", tag.limits->lowLow);
    put("low", tag.limits->low);
    put("high", tag.limits->high);
    put("high_high", tag.limits->highHigh);
    entry.insert("limits", std::move(limits));
    return entry;
}

void append(toml::table& server, const NewTags& tags) {
    const auto listOf = [&server](std::string_view key) -> toml::array& {
        if (!server.contains(key)) server.insert(key, toml::array{});
        return *server.get_as<toml::array>(key);
    };
    if (!tags.tags.empty()) {
        auto& list = listOf("tags");
        for (const auto& tag : tags.tags) list.push_back(tableOf(tag));
    }
    if (!tags.subtrees.empty()) {
        auto& list = listOf("subtrees");
        for (const auto& subtree : tags.subtrees) {
            toml::table entry{{"node", subtree.node}};
            if (!subtree.name.empty()) entry.insert("name", subtree.name);
            list.push_back(std::move(entry));
        }
    }
}

/// Whoever adds a server on the pages waits before them, for example until that server trusts our
/// certificate.
constexpr auto kLongestWaitMs = 5'000;

toml::table tableOf(const NewSource& source) {
    toml::table server{
        {"name", source.name}, {"endpoint", source.endpoint}, {"reconnect_max_ms", kLongestWaitMs}};
    if (!source.prefix.empty()) server.insert("prefix", source.prefix);
    toml::table security;
    const auto secure = [&security](std::string_view key, const std::string& value) {
        if (!value.empty()) security.insert(key, value);
    };
    secure("policy", source.policy);
    secure("mode", source.mode);
    secure("user", source.user);
    secure("password", source.password);
    if (!security.empty()) server.insert("security", std::move(security));
    append(server, source.tags);
    return server;
}

std::string textOf(const toml::table& tree) {
    std::ostringstream text;
    text << "# Added while Tagwire ran. May be edited by hand, and counts from the next start; what is added "
            "on\n"
            "# the pages later keeps the values, but not the comments.\n\n"
         << tree << '\n';
    return text.str();
}

/// The first problem, in the words that belong to a form rather than to a file.
std::string firstOf(const std::vector<config::Problem>& problems, const std::string& file) {
    const auto own = std::ranges::find(problems, file, &config::Problem::file);
    if (own == problems.end()) {
        return fmt::format("the configuration is not right any more, mend it first: {}",
                           toText(problems.front()));
    }
    // opcua[3].endpoint: the entry's number means nothing to whoever filled in a form.
    const auto dot = own->key.find("].");
    const auto key = dot == std::string::npos ? own->key : own->key.substr(dot + 2);
    return key.empty() ? own->reason : fmt::format("{}: {}", key, own->reason);
}

}  // namespace

AddedSources::AddedSources(std::optional<fs::path> configuration)
    : configuration_(std::move(configuration)),
      folder_(config::folderOf(configuration_) / config::kAddedSourcesFolder) {}

fs::path AddedSources::fileOf(std::string_view name) const {
    std::string stem;
    for (const char c : name) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        stem.push_back(plain ? c : '_');
    }
    return folder_ / (stem == name ? stem + ".toml" : fmt::format("{}_{:08x}.toml", stem, hashOf(name)));
}

bool AddedSources::contains(std::string_view name) const {
    std::error_code error;
    return fs::exists(fileOf(name), error);
}

ServiceResult<OpcUaOptions> AddedSources::add(const NewSource& source) const {
    const auto file = fileOf(source.name);
    if (contains(source.name)) {
        return failure(kBadInvalidArgument, fmt::format("name: there is a source '{}' already, in {}",
                                                        source.name, file.string()));
    }
    if (const auto url = source::opcua::parseAskedUrl(source.endpoint); !url)
        return failure(kBadInvalidArgument, "endpoint: " + url.error().message);
    toml::array servers;
    servers.push_back(tableOf(source));
    return write(source.name,
                 {.file = file.string(), .text = textOf(toml::table{{"opcua", std::move(servers)}})});
}

ServiceResult<OpcUaOptions> AddedSources::addTags(const std::string& name, const NewTags& tags) const {
    if (auto none = missing(name)) return tl::unexpected(std::move(*none));
    if (tags.tags.empty() && tags.subtrees.empty())
        return failure(kBadInvalidArgument, "tags: expected at least one, or one of subtrees");
    const auto file = fileOf(name);
    auto text = readFile(file, kMaxFileBytes);
    if (!text) return failure(kBadInternalError, std::move(text.error().message));
    std::vector<config::Problem> problems;
    auto tree = config::parseAll({{.file = file.string(), .text = std::move(*text)}}, problems);
    auto* servers = tree.get_as<toml::array>("opcua");
    auto* server = servers == nullptr || servers->size() != 1 ? nullptr : servers->front().as_table();
    if (!problems.empty() || server == nullptr) {
        return failure(kBadInternalError,
                       fmt::format("{} was changed by hand into something else than one source: add the tags "
                                   "there, and restart",
                                   file.string()));
    }
    append(*server, tags);
    return write(name, {.file = file.string(), .text = textOf(tree)});
}

ServiceResult<void> AddedSources::remove(const std::string& name) const {
    if (auto none = missing(name)) return tl::unexpected(std::move(*none));
    std::error_code error;
    fs::remove(fileOf(name), error);
    if (error) {
        return failure(kBadInternalError,
                       fmt::format("{} cannot be removed: {}", fileOf(name).string(), error.message()));
    }
    return {};
}

ServiceResult<OpcUaOptions> AddedSources::write(const std::string& name, const config::TomlText& text) const {
    auto whole = config::load(configuration_, text);
    if (!whole) return failure(kBadInvalidArgument, firstOf(whole.error(), text.file));
    const auto options = std::ranges::find(whole->opcua, name, &OpcUaOptions::name);
    if (options == whole->opcua.end())
        return failure(kBadInternalError, fmt::format("{} holds no source '{}'", text.file, name));
    if (auto made = makeFolder(folder_, kFolderMode); !made)
        return failure(kBadInternalError, std::move(made.error().message));
    if (auto written = replaceFile(text.file, text.text, kFileMode); !written)
        return failure(kBadInternalError, std::move(written.error().message));
    options->security.locate(whole->folder, whole->opcuaClient.pkiDir);
    options->askedBy = source::opcua::AskedBy::Api;
    return std::move(*options);
}

std::optional<ServiceFailure> AddedSources::missing(const std::string& name) const {
    if (contains(name)) return std::nullopt;
    return ServiceFailure{
        kBadNotFound, fmt::format("'{}' is no source that was added while the server ran. What stands in the "
                                  "configuration's own files is changed there, and counts after a restart",
                                  name)};
}

}  // namespace tagwire::app
