#include "app/history_command.h"

#include <cstdio>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "base/json_text.h"
#include "config/load.h"
#include "history/history.h"
#include "history/query.h"
#include "history/storage.h"
#include "history/verify.h"
#include "model/value_json.h"

namespace tagwire::app {
namespace {

constexpr int kDamaged = 1;
constexpr int kProblem = 2;

constexpr std::string_view kUsage =
    "usage: tagwire history verify [--config PATH | --folder FOLDER]\n"
    "       tagwire history show TAG [--config PATH | --folder FOLDER]\n"
    "\n"
    "verify reads every chunk and the journal of the record, and names what is damaged: which tag, from\n"
    "when to when. Tagwire may go on recording meanwhile. show prints all samples of a tag, one JSON object\n"
    "a line, while Tagwire does not run. Exit codes: 0 nothing is damaged, 1 something is, 2 it could not\n"
    "be found out.\n";

/// Samples asked for at once by show.
constexpr std::size_t kPage = 10'000;

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
    if (!path) return fail(fmt::format("'{}': {}", tag, path.error().message));
    std::error_code error;
    if (!std::filesystem::exists(folder, error))
        return fail(fmt::format("there is no folder {}", folder.string()));
    history::Storage storage(folder, {});
    if (!storage.open(wallClockNow())) return fail(storage.problem());
    const auto* series = storage.find(path->text());
    if (series == nullptr) return fail(fmt::format("nothing is recorded of '{}'", tag));
    history::QueryRunner runner(folder);
    const history::HeadSnapshot snapshot{.archive = storage.archiveNumber(),
                                         .heads = {storage.head(*series)}};
    constexpr Ticks kHalf{std::int64_t{1} << 61U};
    HistoryQuery query{.tags = {*path},
                       .from = Timestamp{-kHalf},
                       .to = Timestamp{kHalf},
                       .form = HistoryForm::Raw,
                       .intervals = 0,
                       .limit = kPage};
    for (;;) {
        const auto page = runner.run(query, snapshot, {}, wallClockNow());
        if (!page || !*page) return fail(page ? page->error().message : "the record changes meanwhile");
        for (const auto& sample : (*page)->series.at(0).samples) print(sample);
        if ((*page)->more.empty()) return 0;
        query.cursor = (*page)->more;
    }
}

/// The folder that the words after the command name; the error says what is wrong with them.
Result<std::filesystem::path> folderFrom(std::span<const std::string_view> words) {
    if (words.empty()) return history::folderOf({}, {});
    if (words.size() == 2 && words[0] == "--folder") return std::filesystem::path(words[1]);
    if (words.size() != 2 || (words[0] != "--config" && words[0] != "-c"))
        return tagwire::fail("at the end comes --config PATH or --folder FOLDER; tagwire history --help");
    const auto configuration = config::load(words[1]);
    if (configuration) return history::folderOf(configuration->history, configuration->folder);
    std::string problems;
    for (const auto& problem : configuration.error())
        problems += (problems.empty() ? "" : "\n") + toText(problem);
    return tagwire::fail(problems);
}

}  // namespace

int runHistoryCommand(std::span<const std::string_view> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h") {
        fmt::print("{}", kUsage);
        return words.empty() ? kProblem : 0;
    }
    const bool show = words[0] == "show";
    if (!show && words[0] != "verify")
        return fail(
            fmt::format("'{}' is no command of tagwire history; there are verify and show", words[0]));
    if (show && words.size() < 2) return fail("which tag? tagwire history show TAG");
    const auto folder = folderFrom(words.subspan(show ? 2 : 1));
    if (!folder) return fail(folder.error().message);
    return show ? showTag(*folder, words[1]) : verifyFolder(*folder);
}

}  // namespace tagwire::app
