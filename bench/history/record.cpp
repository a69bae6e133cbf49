// What recording and asking cost, one line of JSON a task:
//   tagwire_bench_history ingest FOLDER SAMPLES   twenty tags through the recorder, durable every 400 ms
//   tagwire_bench_history rows FOLDER SAMPLES     the same samples as rows of a plain SQLite table
//   tagwire_bench_history text FOLDER SAMPLES     the same samples in OpenMetrics, for Prometheus' promtool
//   tagwire_bench_history month FOLDER            makes eight tags, thirty days at 1 Hz
//   tagwire_bench_history ask FOLDER              asks for a day of one, and for all of the eight

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/os.h>

#include "bench/history/plant_data.h"
#include "history/number.h"
#include "history/query.h"
#include "history/recorder.h"
#include "history/storage.h"

namespace {

using namespace tagwire;
using namespace tagwire::history;
using bench::PlantTag;

constexpr unsigned kTags = 20;
constexpr unsigned kPens = 8;
constexpr std::size_t kDay = 86'400;
constexpr std::size_t kMonth = 30 * kDay;
constexpr std::size_t kPixels = 1000;
/// Changes of one batch of the store.
constexpr std::size_t kBatch = 1000;
/// 2026-01-01T00:00:00Z.
constexpr Timestamp kBegin{std::chrono::seconds{1'767'225'600}};

double wallSeconds() { return std::chrono::duration<double>(SteadyClock::now().time_since_epoch()).count(); }
double cpuSeconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <class T, class E>
void must(const tl::expected<T, E>& result) {
    if (!result) throw std::runtime_error(result.error().message);
}
void must(bool done, const Storage& storage) {
    if (!done) throw std::runtime_error(storage.problem());
}

TagPath path(unsigned tag) { return TagPath::parse(fmt::format("Plant.Tag{}", tag)).value(); }

std::uintmax_t bytesIn(const std::filesystem::path& folder) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) bytes += entry.file_size();
    return bytes;
}

std::vector<PlantTag> plant(unsigned count) {
    std::vector<PlantTag> tags;
    for (unsigned i = 0; i < count; ++i) tags.emplace_back(i, kBegin);
    return tags;
}

void noRow(std::string& /*out*/, TagId /*tag*/, const DataValue& /*value*/, Timestamp /*base*/) {}

/// As the store tells them, made before the clock runs.
std::vector<FeedItem> changes(std::size_t samples) {
    std::vector<FeedItem> feed;
    auto added = std::make_shared<TagsAdded>();
    for (unsigned i = 0; i < kTags; ++i)
        added->tags.push_back(
            std::make_shared<TagInfo>(TagInfo{.id = TagId{i}, .path = path(i), .source = SourceId{0}}));
    feed.emplace_back(std::shared_ptr<const TagsAdded>(added));
    auto tags = plant(kTags);
    std::uint64_t number = 1;
    for (std::size_t done = 0; done < samples;) {
        auto batch = std::make_shared<ChangeBatch>(ChangeNumber{number}, kBegin, noRow);
        for (std::size_t i = 0; i < kBatch && done < samples; ++i, ++done)
            batch->push(TagId{static_cast<std::uint32_t>(done % kTags)}, tags[done % kTags].next());
        number += kBatch;
        feed.emplace_back(SharedBatch(batch));
    }
    return feed;
}

/// Until everything is in chunks.
void packAll(Storage& storage, Timestamp now) {
    must(storage.commit(now), storage);
    while (storage.maintain(now + std::chrono::hours{2})) {
    }
}

void ingest(const std::filesystem::path& folder, std::size_t samples) {
    const auto feed = changes(samples);
    Storage storage(folder, {});
    must(storage.open(wallClockNow()), storage);
    const PolicyTable policies({});
    Recorder recorder(storage, policies);
    const double wall = wallSeconds();
    const double cpu = cpuSeconds();
    double committed = wall;
    for (const auto& item : feed) {
        recorder.take(item, wallClockNow());
        if (wallSeconds() - committed < 0.4) continue;
        must(storage.commit(wallClockNow()), storage);
        storage.maintain(wallClockNow());
        committed = wallSeconds();
    }
    must(storage.commit(wallClockNow()), storage);
    const double durable = wallSeconds() - wall;
    packAll(storage, wallClockNow());
    const double packed = wallSeconds() - wall;
    fmt::print(
        "{{\"samples\":{},\"durable_per_s\":{:.0f},\"packed_per_s\":{:.0f},\"cpu_us\":{:.3f},\"bytes\":{:.3f}"
        "}}\n",
        samples, static_cast<double>(samples) / durable, static_cast<double>(samples) / packed,
        (cpuSeconds() - cpu) * 1e6 / static_cast<double>(samples),
        static_cast<double>(storage.archiveBytes()) / static_cast<double>(samples));
}

/// What one would do without thinking: a row a sample, durable every 10,000.
void rows(const std::filesystem::path& folder, std::size_t samples) {
    std::filesystem::create_directories(folder);
    auto database = Database::open(folder / "rows.db", Database::Access::ReadWrite);
    must(database);
    must(
        database->run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE sample(tag INTEGER, time INTEGER, value REAL, status INTEGER,"
                      " PRIMARY KEY(tag, time)) WITHOUT ROWID"));
    auto insert = database->prepare("INSERT INTO sample VALUES(?1, ?2, ?3, ?4)");
    must(insert);
    auto tags = plant(kTags);
    const double wall = wallSeconds();
    const double cpu = cpuSeconds();
    for (std::size_t done = 0; done < samples;) {
        must(database->run("BEGIN"));
        for (int i = 0; i < 10'000 && done < samples; ++i, ++done) {
            const auto value = tags[done % kTags].next();
            insert->bind(static_cast<std::int64_t>(done % kTags), value.sourceTime.time_since_epoch().count(),
                         value.value.toDouble(), std::int64_t{value.status.code()});
            must(insert->run());
        }
        must(database->run("COMMIT"));
    }
    const double seconds = wallSeconds() - wall;
    must(database->run("PRAGMA wal_checkpoint(TRUNCATE)"));
    fmt::print("{{\"samples\":{},\"durable_per_s\":{:.0f},\"cpu_us\":{:.3f},\"bytes\":{:.3f}}}\n", samples,
               static_cast<double>(samples) / seconds,
               (cpuSeconds() - cpu) * 1e6 / static_cast<double>(samples),
               static_cast<double>(bytesIn(folder)) / static_cast<double>(samples));
}

/// Tag by tag, as the format wants it (OpenMetrics 1.0, "Grouping and ordering"). It has no status, and one
/// time only.
void text(const std::filesystem::path& folder, std::size_t samples) {
    std::filesystem::create_directories(folder);
    auto file = fmt::output_file((folder / "samples.txt").string());
    auto tags = plant(kTags);
    for (unsigned tag = 0; tag < kTags; ++tag) {
        file.print("# TYPE tag{} gauge\n", tag);
        for (std::size_t done = tag; done < samples; done += kTags) {
            const auto value = tags[tag].next();
            file.print("tag{} {} {:.3f}\n", tag, value.value.toDouble(),
                       static_cast<double>(toUnixMillis(value.sourceTime)) / 1e3);
        }
    }
    file.print("# EOF\n");
    fmt::print("{{\"samples\":{}}}\n", samples);
}

void makeMonth(const std::filesystem::path& folder) {
    Storage storage(folder, {});
    must(storage.open(kBegin), storage);
    auto tags = plant(kPens);
    for (std::size_t i = 0; i < kMonth; ++i) {
        for (unsigned pen = 0; pen < kPens; ++pen) {
            const HistorySample sample{.value = tags[pen].next(), .origin = SampleOrigin::Live};
            must(storage.append(storage.seriesOf(path(pen)), sample), storage);
        }
        if (i % 4096 == 0) packAll(storage, kBegin + std::chrono::seconds{i});
    }
    packAll(storage, kBegin + std::chrono::seconds{kMonth});
    must(storage.end(kBegin + std::chrono::seconds{kMonth}), storage);
    fmt::print("{{\"samples\":{},\"bytes\":{:.3f}}}\n", kMonth * kPens,
               static_cast<double>(storage.archiveBytes()) / static_cast<double>(kMonth * kPens));
}

/// Milliseconds of the fastest of some, which all saw warm caches.
double askMs(QueryRunner& runner, const Storage& storage, unsigned pens, std::size_t seconds) {
    HistoryQuery query{.tags = {},
                       .from = kBegin + std::chrono::hours{7},
                       .to = kBegin + std::chrono::hours{7} + std::chrono::seconds{seconds},
                       .form = HistoryForm::Drawing,
                       .intervals = kPixels,
                       .limit = 0};
    for (unsigned pen = 0; pen < pens; ++pen) query.tags.push_back(path(pen));
    double best = 1e9;
    for (int i = 0; i < 7; ++i) {
        HeadSnapshot snapshot;
        snapshot.archive = storage.archiveNumber();
        for (const auto& tag : query.tags)
            snapshot.heads.emplace_back(storage.head(*storage.find(tag.text())));
        const double begun = wallSeconds();
        const auto answer = runner.run(query, snapshot, {}, query.to);
        best = std::min(best, (wallSeconds() - begun) * 1e3);
        if (!answer || !*answer || (**answer).series.at(0).intervals.size() != kPixels)
            throw std::runtime_error("the answer is wrong");
    }
    return best;
}

void ask(const std::filesystem::path& folder) {
    Storage storage(folder, {});
    must(storage.open(kBegin + std::chrono::seconds{kMonth + 1}), storage);
    QueryRunner runner(folder);
    const double day = askMs(runner, storage, 1, kDay);
    const double month = askMs(runner, storage, kPens, kMonth - 8 * 3600);
    fmt::print("{{\"day_ms\":{:.3f},\"month_ms\":{:.3f}}}\n", day, month);
}

int run(const std::vector<std::string>& words) {
    if (words.size() < 3) {
        std::fputs("which task, and in which folder?\n", stderr);
        return 2;
    }
    const auto& task = words[1];
    const auto samples = words.size() > 3 ? std::stoull(words[3]) : 1'000'000;
    if (task == "ingest")
        ingest(words[2], samples);
    else if (task == "rows")
        rows(words[2], samples);
    else if (task == "text")
        text(words[2], samples);
    else if (task == "month")
        makeMonth(words[2]);
    else if (task == "ask")
        ask(words[2]);
    else
        return 2;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
