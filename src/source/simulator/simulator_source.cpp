#include "source/simulator/simulator_source.h"

#include <utility>

#include "base/thread_name.h"
#include "source/simulator/load_tags.h"
#include "source/simulator/matrikon_tags.h"
#include "source/simulator/plant_tags.h"
#include "source/simulator/qualities.h"

namespace tagwire::source::simulator {
namespace {

/// A scan that is late is made up for at once, so that rates stay exact. After a longer stop of the whole
/// process the simulation goes on from where it was.
constexpr int kMostScansBehind = 50;

std::vector<std::unique_ptr<TagSet>> makeSets(const SimulatorOptions& options) {
    std::vector<std::unique_ptr<TagSet>> sets;
    if (options.matrikon) sets.push_back(std::make_unique<MatrikonTags>(options.seed));
    if (options.plant) sets.push_back(std::make_unique<PlantTags>(options.seed, options.scan));
    if (options.loadTags > 0) {
        sets.push_back(std::make_unique<LoadTags>(options.seed, options.loadTags, options.loadRateHz));
    }
    return sets;
}

}  // namespace

SimulatorSource::SimulatorSource(SimulatorOptions options, SourceId id, UpdateSink& sink)
    : options_(std::move(options)), id_(id), sink_(sink) {}

void SimulatorSource::start() {
    thread_ = std::thread([this] { run(); });
}

void SimulatorSource::stop() noexcept {
    stopping_ = true;
    stopBell_.ring();
    if (thread_.joinable()) thread_.join();
}

void SimulatorSource::run() {
    nameThisThread("tw-simulator");
    tags_ = declareTags();
    changeState(SourcePhase::Live, {});
    scanUntilStopped();
    changeState(SourcePhase::Stopped, kBadShutdown);
}

std::uint32_t SimulatorSource::declareTags() {
    const TagContext context{.prefix = options_.prefix, .source = id_, .scan = options_.scan};
    std::vector<SharedTagInfo> declared;
    for (auto& set : makeSets(options_)) {
        std::vector<TagId> ids;
        for (TagInfo& tag : set->tags(context)) {
            tag.id = sink_.allocateTag();
            ids.push_back(tag.id);
            declared.push_back(std::make_shared<const TagInfo>(std::move(tag)));
        }
        groups_.push_back({std::move(set), ScanReport(std::move(ids))});
    }
    const auto count = static_cast<std::uint32_t>(declared.size());
    sink_.declare(std::move(declared));
    return count;
}

void SimulatorSource::scanUntilStopped() {
    SteadyTime due = SteadyClock::now();
    for (std::uint64_t index = 0; !stopping_; ++index) {
        scan({index, options_.scan * static_cast<std::int64_t>(index)});
        due += options_.scan;
        const SteadyTime now = SteadyClock::now();
        if (now - due > options_.scan * kMostScansBehind) due = now;
        while (!stopping_ && SteadyClock::now() < due) stopBell_.waitUntil(due);
    }
}

void SimulatorSource::scan(const Scan& scan) {
    std::vector<TagUpdate> updates;
    updates.reserve(lastUpdates_ + lastUpdates_ / 8);
    const Timestamp now = wallClockNow();
    for (Group& group : groups_) {
        group.report.begin(now, updates);
        group.set->scan(scan, group.report);
    }
    lastUpdates_ = updates.size();
    if (!updates.empty()) sink_.post(std::move(updates));
}

void SimulatorSource::changeState(SourcePhase phase, StatusCode why) {
    sink_.changeState({.source = id_,
                       .name = options_.name,
                       .kind = "simulator",
                       .phase = phase,
                       .since = wallClockNow(),
                       .why = why,
                       .message = {},
                       .endpoint = {},
                       .tags = tags_,
                       .badTags = 0});
}

}  // namespace tagwire::source::simulator
