#include "app/history_command.h"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "config/load.h"
#include "history/history.h"
#include "history/verify.h"

namespace tagwire::app {
namespace {

constexpr int kDamaged = 1;
constexpr int kProblem = 2;

constexpr std::string_view kUsage =
    "usage: tagwire history verify [--config PATH]\n"
    "       tagwire history verify --folder FOLDER\n"
    "\n"
    "Reads every chunk and the journal of the record, and names what is damaged: which tag, from when to "
    "when.\n"
    "Tagwire may go on recording meanwhile. Exit codes: 0 nothing is damaged, 1 something is, 2 it could not "
    "be\n"
    "found out.\n";

int fail(const std::string& message) {
    fmt::print(stderr, "tagwire: {}\n", message);
    return kProblem;
}

int verifyFolder(const std::filesystem::path& folder) {
    const auto result = history::verify(folder);
    if (!result) return fail(fmt::format("{}: {}", folder.string(), result.error().message));
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

}  // namespace

int runHistoryCommand(std::span<const std::string_view> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h") {
        fmt::print("{}", kUsage);
        return words.empty() ? kProblem : 0;
    }
    if (words[0] != "verify")
        return fail(fmt::format("'{}' is no command of tagwire history; there is: verify", words[0]));
    if (words.size() == 1) return verifyFolder(history::folderOf({}, {}));
    if (words.size() != 3 || (words[1] != "--config" && words[1] != "-c" && words[1] != "--folder"))
        return fail("after verify comes --config PATH or --folder FOLDER");
    if (words[1] == "--folder") return verifyFolder(words[2]);
    const auto configuration = config::load(words[2]);
    if (!configuration) {
        for (const auto& problem : configuration.error()) fmt::print(stderr, "{}\n", toText(problem));
        return kProblem;
    }
    return verifyFolder(history::folderOf(configuration->history, configuration->folder));
}

}  // namespace tagwire::app
