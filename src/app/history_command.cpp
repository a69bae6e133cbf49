#include "app/history_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/console.h"
#include "app/history_transfer.h"
#include "app/recorded_samples.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "history/history.h"
#include "history/query.h"
#include "history/repair.h"
#include "history/storage.h"
#include "history/verify.h"
#include "model/value_json.h"

namespace tagwire::app {
namespace {

constexpr int kDamaged = 1;

constexpr std::string_view kUsage =
    "usage: tagwire history verify\n"
    "       tagwire history repair\n"
    "       tagwire history show TAG\n"
    "       tagwire history export TAG... [--from TIME] [--to TIME]\n"
    "       tagwire history import FILE\n"
    "each with [--config PATH | --folder FOLDER]; without, the folder history\n"
    "\n"
    "verify reads every chunk and the journal of the record, and names what is damaged: which tag, from\n"
    "when to when. Tagwire may go on recording meanwhile; all others need it stopped. repair puts aside "
    "what\n"
    "is damaged and keeps what can be read; copies of all that it changes stay in the folder. show prints "
    "all\n"
    "samples of a tag, one JSON object a line. export prints samples as CSV; tags may be patterns such as\n"
    "'Line1.**', times ISO 8601 or milliseconds since 1970. import puts such a table into the record, each\n"
    "sample at its time; where a line is wrong, it says which and why, and imports nothing.\n"
    "\n"
    "Exit codes: 0 nothing is damaged, all is done; 1 something is damaged; 2 it could not be done.\n";

int verifyFolder(const std::filesystem::path& folder) {
    const auto result = history::verify(folder);
    if (!result) return complain(fmt::format("{}: {}", folder.string(), result.error().message));
    for (const auto& problem : result->problems) fmt::print("{}\n", problem);
    const double each = result->samples == 0
                            ? 0
                            : static_cast<double>(result->chunkBytes) / static_cast<double>(result->samples);
    fmt::print(
        "{} tags, {} samples in {} chunks ({:.2f} bytes each), {} samples in the journal: {}\n",
        result->series, result->samples, result->chunks, each, result->journalSamples,
        result->problems.empty() ? "nothing is damaged" : fmt::format("{} damaged", result->problems.size()));
    return result->problems.empty() ? 0 : kDamaged;
}

void print(const HistorySample& sample) {
    std::string line;
    {
        ObjectWriter out(line);
        const auto& value = sample.value;
        out.member("time", value.sourceTime);
        appendValue(out.key("value"), value.value);
        out.member("status", statusText(value.status));
        out.member("server_time", value.serverTime);
        if (sample.origin != SampleOrigin::Live)
            out.member("origin", sample.origin == SampleOrigin::Backfill ? "backfill" : "imported");
    }
    fmt::print("{}\n", line);
}

int showTag(const std::filesystem::path& folder, std::string_view tag) {
    const auto path = TagPath::parse(tag);
    if (!path) return complain(fmt::format("'{}': {}", tag, path.error().message));
    history::Storage storage(folder, {});
    if (!storage.open(wallClockNow())) return complain(storage.problem());
    if (storage.find(path->text()) == nullptr)
        return complain(fmt::format("nothing is recorded of '{}'", tag));
    history::QueryRunner runner(folder);
    constexpr Ticks kHalf{std::int64_t{1} << 61U};
    const auto shown = readSamples(storage, runner, *path, Timestamp{-kHalf}, Timestamp{kHalf},
                                   [](std::span<const HistorySample> samples) -> Result<void> {
                                       for (const auto& sample : samples) print(sample);
                                       return {};
                                   });
    return shown ? 0 : complain(shown.error().message);
}

int repairFolder(const std::filesystem::path& folder) {
    const auto done = history::repair(folder, wallClockNow());
    if (!done) return complain(fmt::format("{}: {}", folder.string(), done.error().message));
    for (const auto& line : *done) fmt::print("{}\n", line);
    return verifyFolder(folder);
}

/// Words of a command: those with dashes and a value, and the others.
struct Words {
    std::vector<std::string> names;
    std::filesystem::path folder;
    Timestamp from{-Ticks{std::int64_t{1} << 61U}};
    Timestamp to{Ticks{std::int64_t{1} << 61U}};
};

Result<std::filesystem::path> folderOfConfiguration(std::string_view path) {
    return configurationAt(path).map([](const config::Configuration& configuration) {
        return history::folderOf(configuration.history, configuration.folder);
    });
}

Result<Words> wordsFrom(std::span<const std::string_view> words) {
    Words result{.names = {}, .folder = history::folderOf({}, {})};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto option = words[i];
        if (!option.starts_with("-")) {
            result.names.emplace_back(option);
            continue;
        }
        if (++i == words.size()) return fail(fmt::format("{} needs a value after it", option));
        if (option == "--folder") {
            result.folder = words[i];
        } else if (option == "--config" || option == "-c") {
            auto folder = folderOfConfiguration(words[i]);
            if (!folder) return tl::unexpected(folder.error());
            result.folder = *std::move(folder);
        } else if (option == "--from" || option == "--to") {
            const auto time = parseTime(words[i]);
            if (!time) return fail(fmt::format("{}: {}", option, time.error().message));
            (option == "--from" ? result.from : result.to) = *time;
        } else {
            return fail(fmt::format("'{}' is unknown; tagwire history --help", option));
        }
    }
    return result;
}

int toExitCode(const Result<void>& done) { return done ? 0 : complain(done.error().message); }

/// A command, how many names it takes, and what is said where they are not so many.
struct Command {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    std::string_view wanted;
    int (*run)(const Words& words);
};

constexpr std::size_t kAny = 100'000;

constexpr std::array<Command, 5> kCommands{{
    {"verify", 0, 0, "verify takes no name", [](const Words& words) { return verifyFolder(words.folder); }},
    {"repair", 0, 0, "repair takes no name", [](const Words& words) { return repairFolder(words.folder); }},
    {"show", 1, 1, "which tag? tagwire history show TAG",
     [](const Words& words) { return showTag(words.folder, words.names[0]); }},
    {"export", 1, kAny, "which tags? tagwire history export TAG...",
     [](const Words& words) {
         return toExitCode(exportHistory(words.folder, words.names, words.from, words.to));
     }},
    {"import", 1, 1, "which file? tagwire history import FILE",
     [](const Words& words) { return toExitCode(importHistory(words.folder, words.names[0])); }},
}};

}  // namespace

int runHistoryCommand(std::span<const std::string_view> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h") {
        fmt::print("{}", kUsage);
        return words.empty() ? kConsoleProblem : 0;
    }
    const auto command = std::ranges::find(kCommands, words[0], &Command::name);
    if (command == kCommands.end()) {
        return complain(fmt::format(
            "'{}' is no command of tagwire history; there are verify, repair, show, export and import",
            words[0]));
    }
    const auto rest = wordsFrom(words.subspan(1));
    if (!rest) return complain(rest.error().message);
    if (rest->names.size() < command->least || rest->names.size() > command->most)
        return complain(std::string(command->wanted));
    std::error_code error;
    if (!std::filesystem::exists(rest->folder, error))
        return complain(fmt::format("there is no folder {}", rest->folder.string()));
    return command->run(*rest);
}

}  // namespace tagwire::app
