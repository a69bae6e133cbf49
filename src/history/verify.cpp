#include "history/verify.h"

#include <algorithm>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "history/archive.h"
#include "history/chunk.h"
#include "history/journal.h"
#include "history/journal_reader.h"
#include "history/sample_log.h"

namespace tagwire::history {
namespace {

std::string timeText(std::int64_t ticks) {
    const auto time = std::chrono::floor<std::chrono::seconds>(Timestamp{Ticks{ticks}});
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", time);
}

/// What is wrong with a chunk whose row says `first`, `last` and `samples`; empty: nothing.
std::string faultOf(ChunkReader& reader, std::string_view data, std::int64_t first, std::int64_t last,
                    std::int64_t samples) {
    const auto read = reader.read(data);
    if (!read) return read.error().message;
    const auto ticks = [](const HistorySample& sample) { return ticksOf(sample.value.sourceTime); };
    const bool sorted = std::is_sorted(read->begin(), read->end(),
                                       [&](const auto& a, const auto& b) { return ticks(a) < ticks(b); });
    if (!sorted) return "its samples are not in order";
    if (std::cmp_not_equal(read->size(), samples)) return "it has not as many samples as its row says";
    if (ticks(read->front()) != first || ticks(read->back()) != last)
        return "it is not of the time that its row says";
    return {};
}

StorageResult<void> verifyChunks(Database& database, Verification& result) {
    auto rows = database.prepare(
        "SELECT chunk.id, coalesce(series.path, '?'), first, last, samples, data"
        " FROM chunk LEFT JOIN series ON series.id=chunk.series ORDER BY chunk.id");
    if (!rows) return tl::unexpected(rows.error());
    ChunkReader reader;
    for (;;) {
        const auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return {};
        ++result.chunks;
        result.samples += static_cast<std::uint64_t>(rows->integer(4));
        result.chunkBytes += rows->bytes(5).size();
        const auto fault =
            faultOf(reader, rows->bytes(5), rows->integer(2), rows->integer(3), rows->integer(4));
        if (fault.empty()) continue;
        result.problems.push_back(fmt::format("chunk {} of '{}', {} to {}: {}", rows->integer(0),
                                              std::string(rows->bytes(1)), timeText(rows->integer(2)),
                                              timeText(rows->integer(3)), fault));
    }
}

void verifyJournal(const std::filesystem::path& file, Verification& result) {
    const auto name = file.filename().string();
    const auto report = readJournal(file, [&](const Commit& commit) {
        ++result.commits;
        for (const auto& [id, count, log] : commit.samples) {
            result.journalSamples += count;
            const auto samples = readSampleLog(log);
            if (samples && samples->size() == count) continue;
            result.problems.push_back(fmt::format("{}, commit {}: the samples of series {} cannot be read",
                                                  name, commit.id.value(), id.value()));
        }
    });
    if (!report) {
        result.problems.push_back(fmt::format("{}: {}", name, report.error().message));
    } else if (report->isDamaged()) {
        result.problems.push_back(fmt::format("{}: {}", name, toText(*report)));
    }
}

}  // namespace

StorageResult<Verification> verify(const std::filesystem::path& folder) {
    auto database = Database::open(folder / kArchiveFile, Database::Access::Read);
    if (!database) return tl::unexpected(database.error());
    if (const auto checked = checkFormat(*database); !checked) return tl::unexpected(checked.error());
    Verification result;
    auto structure = database->prepare("PRAGMA integrity_check(100)");
    if (!structure) return tl::unexpected(structure.error());
    for (;;) {
        const auto row = structure->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        if (structure->bytes(0) != "ok")
            result.problems.push_back(fmt::format("{}: {}", kArchiveFile, std::string(structure->bytes(0))));
    }
    const auto series = database->number("SELECT count(*) FROM series");
    if (!series) return tl::unexpected(series.error());
    result.series = static_cast<std::uint64_t>(*series);
    if (const auto chunks = verifyChunks(*database, result); !chunks)
        result.problems.push_back(fmt::format("{}: {}", kArchiveFile, chunks.error().message));
    for (const auto& file : journalFiles(folder)) verifyJournal(file, result);
    return result;
}

}  // namespace tagwire::history
