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

ServiceFailure stopped() { return {kBadServerNotConnected, "the simulator has stopped"}; }

}  // namespace

SimulatorSource::SimulatorSource(SimulatorOptions options, SourceId id, UpdateSink& sink)
    : options_(std::move(options)), id_(id), sink_(sink) {}

void SimulatorSource::start() {
    thread_ = std::thread([this] { run(); });
}

void SimulatorSource::stop() noexcept {
    stopping_ = true;
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Order> left;  // answer for themselves, as they go
    orders_.drain(left);
}

void SimulatorSource::write(std::vector<TagWrite> writes, SteadyTime deadline,
                            ServiceAnswer<std::vector<TagWritten>> answer) {
    const auto weight = writes.size();
    auto once = std::make_shared<OneAnswer<std::vector<TagWritten>>>(std::move(answer), stopped());
    if (stopping_) return;
    Order order = [this, writes = std::move(writes), deadline, once] {
        if (SteadyClock::now() >= deadline)
            return once->give(failure(kBadRequestTimeout, "too late: nothing was written"));
        once->give(written(writes));
    };
    if (!orders_.tryPush(std::move(order), weight))
        once->give(failure(kBadTooManyOperations, "too many writes wait already: write again in a moment"));
}

void SimulatorSource::act(ConditionOrder order, SteadyTime deadline, ServiceAnswer<ConditionAnswer> answer) {
    auto once = std::make_shared<OneAnswer<ConditionAnswer>>(std::move(answer), stopped());
    if (stopping_) return;
    Order wanted = [this, order = std::move(order), deadline, once] {
        if (SteadyClock::now() >= deadline)
            return once->give(failure(kBadRequestTimeout, "too late: nothing was done; try again"));
        once->give(acted(order));
    };
    if (!orders_.tryPush(std::move(wanted)))
        once->give(failure(kBadTooManyOperations, "too many orders wait already: try again in a moment"));
}

void SimulatorSource::obey() {
    std::vector<Order> orders;
    orders_.drain(orders);
    for (const Order& order : orders) order();
}

std::vector<TagWritten> SimulatorSource::written(const std::vector<TagWrite>& writes) {
    std::vector<TagUpdate> updates;
    std::vector<TagWritten> results;
    for (const TagWrite& write : writes) {
        const auto found = writable_.find(write.tag->id);
        if (found == writable_.end()) {
            results.emplace_back();
            results.back().status = kBadNotWritable;
            results.back().message = "the simulator does not let this tag be written";
            continue;
        }
        Group& group = groups_[found->second.group];
        group.report.begin(wallClockNow(), updates);
        results.push_back(group.set->write(found->second.tag, write.value, group.report));
    }
    if (!updates.empty()) sink_.post(std::move(updates));
    return results;
}

ConditionAnswer SimulatorSource::acted(const ConditionOrder& order) {
    EventBatch batch;
    auto answer = alarms_->act(order, wallClockNow(), batch);
    postEvents(std::move(batch));
    return answer;
}

void SimulatorSource::postEvents(EventBatch batch) {
    if (!batch.empty()) sink_.postEvents(std::move(batch));
}

void SimulatorSource::run() {
    nameThisThread("tw-simulator");
    tags_ = declareTags();
    if (options_.plant) alarms_.emplace(options_.seed, options_.prefix, wallClockNow());
    changeState(SourcePhase::Live, {});
    scanUntilStopped();
    changeState(SourcePhase::Stopped, kBadShutdown);
}

std::uint32_t SimulatorSource::declareTags() {
    const TagContext context{.prefix = options_.prefix, .source = id_, .scan = options_.scan};
    const TagPatterns writable(options_.writable);
    std::vector<SharedTagInfo> declared;
    for (auto& set : makeSets(options_)) {
        std::vector<TagId> ids;
        for (TagInfo& tag : set->tags(context)) {
            tag.id = sink_.allocateTag();
            if (!writable.matches(tag.path.text())) tag.access = Access::Read;
            if (tag.access != Access::Read)
                writable_.emplace(tag.id, Place{.group = groups_.size(), .tag = ids.size()});
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
        while (!stopping_ && SteadyClock::now() < due) {
            bell_.waitUntil(due);
            obey();
        }
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
    if (alarms_) postEvents(alarms_->scan(scan, now));
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
