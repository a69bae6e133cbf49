#include "history/storage.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace tagwire::history {
namespace {

/// A commit without samples says that the program was still there.
constexpr std::chrono::seconds kAliveInterval{60};
/// Commits of a file that tell the name of a series: where one is damaged, the others do not become nameless.
constexpr std::uint8_t kDeclarations = 2;

}  // namespace

Storage::Storage(std::filesystem::path folder, StorageLimits limits)
    : folder_(std::move(folder)), limits_(limits) {}

bool Storage::isDue(Timestamp last, Ticks interval, Timestamp now) noexcept {
    return now < last || now - last >= interval;
}

SeriesId Storage::seriesOf(const TagPath& path) {
    const auto found = byPath_.find(path.text());
    if (found != byPath_.end()) return found->second;
    const SeriesId id{static_cast<SeriesId::Representation>(std::max<std::size_t>(series_.size(), 1))};
    ensure(id).path = path.text();
    byPath_.emplace(path.text(), id);
    return id;
}

const SeriesId* Storage::find(const std::string& path) const {
    const auto found = byPath_.find(path);
    return found == byPath_.end() ? nullptr : &found->second;
}

std::vector<std::string> Storage::paths() const {
    std::vector<std::string> paths;
    paths.reserve(byPath_.size());
    for (const auto& [path, id] : byPath_) paths.push_back(path);
    return paths;
}

bool Storage::append(SeriesId id, const HistorySample& sample) {
    if (isFull()) return false;
    auto& series = series_[id.index()];
    const auto before = series.log.bytes().size();
    series.log.append(sample);
    headBytes_ += series.log.bytes().size() - before;
    series.newest = std::max(series.newest, sample.value.sourceTime);
    if (!series.touched) {
        series.touched = true;
        touched_.push_back(id);
    }
    return true;
}

bool Storage::commit(Timestamp now) {
    if (touched_.empty() && !isDue(lastCommitTime_, kAliveInterval, now)) return true;
    const auto written = writeCommit(now, false);
    if (!written && journalProblem_.empty())
        log::warning("history", "recorded values wait in memory: {}", written.error().message);
    if (written && !journalProblem_.empty()) log::info("history", "recording again");
    journalProblem_ = written ? std::string{} : written.error().message;
    return written.has_value();
}

bool Storage::end(Timestamp now) { return open_ && writeCommit(now, true).has_value(); }

StorageResult<void> Storage::writeCommit(Timestamp now, bool end) {
    const CommitId id{lastCommit_.value() + 1};
    CommitWriter commit(id, now);
    for (const auto each : touched_) {
        const auto& series = series_[each.index()];
        if (series.declared < kDeclarations) commit.addSeries(each, series.path);
        commit.addSamples(each, series.log.count() - series.committedSamples,
                          std::string_view(series.log.bytes()).substr(series.committedBytes));
    }
    if (end) commit.addEnd();
    if (auto appended = journal_.append(commit); !appended) return appended;
    lastCommit_ = id;
    lastCommitTime_ = now;
    for (const auto each : std::exchange(touched_, {})) {
        auto& series = series_[each.index()];
        if (series.declared < kDeclarations) ++series.declared;
        series.touched = false;
        series.log.mark();
        series.committedBytes = series.log.bytes().size();
        series.committedSamples = series.log.count();
        if (series.oldest == CommitId{}) series.oldest = id;
        if (series.committedSamples >= kChunkSamples || series.committedBytes >= kChunkBytes)
            wantPacked(each);
    }
    return {};
}

Head Storage::head(SeriesId id) const {
    const auto& series = series_[id.index()];
    return {.series = id, .through = series.through, .log = series.log.bytes()};
}

}  // namespace tagwire::history
