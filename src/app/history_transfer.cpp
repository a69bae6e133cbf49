#include "app/history_transfer.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <set>
#include <span>

#include <fmt/format.h>

#include "app/recorded_samples.h"
#include "history/query.h"
#include "history/record_csv.h"
#include "history/storage.h"
#include "model/tag_path.h"

namespace tagwire::app {
namespace {

/// Samples made durable together.
constexpr std::size_t kCommitted = 50'000;
/// Wrong lines that are named before the rest of a file is not looked at any more.
constexpr std::size_t kNamed = 20;

Result<std::vector<TagPath>> recordedTags(const history::Storage& storage,
                                          const std::vector<std::string>& texts) {
    std::set<TagPath> tags;
    for (const auto& text : texts) {
        const auto before = tags.size();
        if (TagPattern::isPattern(text)) {
            const auto pattern = TagPattern::parse(text);
            if (!pattern) return fail(fmt::format("'{}': {}", text, pattern.error().message));
            for (const auto& path : storage.paths()) {
                if (!pattern->matches(path)) continue;
                if (auto tag = TagPath::parse(path)) tags.insert(*std::move(tag));
            }
            if (tags.size() == before) return fail(fmt::format("nothing is recorded of '{}'", text));
            continue;
        }
        auto tag = TagPath::parse(text);
        if (!tag) return fail(fmt::format("'{}': {}", text, tag.error().message));
        if (storage.find(tag->text()) == nullptr)
            return fail(fmt::format("nothing is recorded of '{}'", text));
        tags.insert(*std::move(tag));
    }
    return std::vector<TagPath>(tags.begin(), tags.end());
}

Result<void> print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
    return fail("the table cannot be written");
}

Result<void> exportTag(const history::Storage& storage, history::QueryRunner& runner, const TagPath& tag,
                       Timestamp from, Timestamp to) {
    return readSamples(storage, runner, tag, from, to, [&](std::span<const HistorySample> samples) {
        std::string lines;
        for (const auto& sample : samples) history::appendCsvLine(lines, tag, sample);
        return print(lines);
    });
}

/// Calls `take` for each sample; the error names the lines that are wrong.
template <class Take>
Result<void> readTable(const std::filesystem::path& file, Take take) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(fmt::format("{} cannot be opened", file.string()));
    history::CsvReader reader(stream);
    std::string problems;
    for (std::size_t wrong = 0; wrong < kNamed;) {
        const auto sample = reader.next();
        if (sample) {
            if (!*sample) break;
            if (!problems.empty()) continue;
            if (auto taken = take(**sample); !taken) return taken;
            continue;
        }
        ++wrong;
        problems += fmt::format("{}{}:{}: {}", problems.empty() ? "" : "\n", file.string(), reader.line(),
                                sample.error().message);
        if (!reader.isTable()) break;
    }
    if (!problems.empty()) return fail(problems + "\nnothing was imported");
    return {};
}

/// Until what was appended is durable and there is room for more.
Result<void> settle(history::Storage& storage) {
    if (!storage.commit(wallClockNow())) return fail(storage.problem());
    while (storage.maintain(wallClockNow())) {
    }
    if (!storage.problem().empty()) return fail(storage.problem());
    return {};
}

}  // namespace

Result<void> exportHistory(const std::filesystem::path& folder, const std::vector<std::string>& tags,
                           Timestamp from, Timestamp to) {
    if (from >= to) return fail("--from must be before --to");
    history::Storage storage(folder, {});
    if (!storage.open(wallClockNow())) return fail(storage.problem());
    const auto recorded = recordedTags(storage, tags);
    if (!recorded) return tl::unexpected(recorded.error());
    std::string head;
    history::appendCsvHead(head);
    if (auto printed = print(head); !printed) return printed;
    history::QueryRunner runner(folder);
    for (const auto& tag : *recorded) {
        if (auto exported = exportTag(storage, runner, tag, from, to); !exported) return exported;
    }
    if (std::fflush(stdout) != 0) return fail("the table cannot be written");
    return {};
}

Result<void> importHistory(const std::filesystem::path& folder, const std::filesystem::path& file) {
    // Twice: nothing is imported of a table in which anything is wrong.
    auto looked = readTable(file, [](const history::CsvSample&) -> Result<void> { return {}; });
    if (!looked) return looked;
    history::StorageLimits limits;
    limits.maxBytes = std::numeric_limits<std::int64_t>::max();  // what is too old or too much goes later
    history::Storage storage(folder, limits);
    if (!storage.open(wallClockNow())) return fail(storage.problem());
    std::size_t imported = 0;
    std::set<history::SeriesId> tags;
    auto done = readTable(file, [&](const history::CsvSample& each) -> Result<void> {
        const auto series = storage.seriesOf(each.tag);
        tags.insert(series);
        if (storage.isFull() || (imported > 0 && imported % kCommitted == 0)) {
            if (auto settled = settle(storage); !settled) return settled;
        }
        if (!storage.append(series, each.sample)) return fail("the record takes no more samples");
        ++imported;
        return {};
    });
    if (done) done = settle(storage);
    if (!storage.end(wallClockNow()) && done) done = fail(storage.problem());
    if (!done)
        return fail(fmt::format("{}\n{} samples were imported before; it can be tried again",
                                done.error().message, imported));
    fmt::print("{} samples of {} tags were imported\n", imported, tags.size());
    return {};
}

}  // namespace tagwire::app
