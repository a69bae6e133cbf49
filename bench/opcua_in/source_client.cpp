#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "app/store_sink.h"
#include "base/doorbell.h"
#include "bench/opcua_in/measured.h"
#include "source/opcua/opcua_source.h"
#include "store/source_inbox.h"

namespace tagwire::bench {
namespace {

using namespace std::chrono_literals;

/// The program's way into the store's inbox, with a look at the thread that takes it.
/// Thread: the source's; the rest any. Lifetime: outlives the source.
class WatchedSink final : public source::UpdateSink {
public:
    explicit WatchedSink(store::SourceInbox& inbox) : store_(inbox, ids_, app::Succession::None) {}

    TagId allocateTag() override { return ids_.next(); }
    void declare(std::vector<SharedTagInfo> tags) override {
        declared_.fetch_add(tags.size(), std::memory_order_relaxed);
        store_.declare(std::move(tags));
    }
    void post(std::vector<TagUpdate> updates) override {
        changes_.fetch_add(updates.size(), std::memory_order_relaxed);
        store_.post(std::move(updates));
    }
    void changeState(SourceState state) override {
        if (state.phase != phase_) {
            phase_ = state.phase;
            if (phase_ == SourcePhase::Subscribing) {
                begun_ = SteadyClock::now();
                cpuBegun_ = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
            } else if (phase_ == SourcePhase::Live) {
                createSeconds_ = std::chrono::duration<double>(SteadyClock::now() - begun_).count();
                createCpu_ = cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - cpuBegun_;
                badTags_ = state.badTags;
                pthread_getcpuclockid(pthread_self(), &clock_);
                live_.store(true, std::memory_order_release);
            } else {
                live_.store(false, std::memory_order_release);
            }
        }
        store_.changeState(std::move(state));
    }

    [[nodiscard]] bool live() const noexcept { return live_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t declared() const noexcept {
        return declared_.load(std::memory_order_relaxed);
    }
    // Once live:
    [[nodiscard]] double createSeconds() const noexcept { return createSeconds_; }
    [[nodiscard]] double createCpu() const noexcept { return createCpu_; }
    [[nodiscard]] std::uint32_t badTags() const noexcept { return badTags_; }
    [[nodiscard]] clockid_t clock() const noexcept { return clock_; }

private:
    TagIdAllocator ids_;
    app::StoreSink store_;
    std::atomic<std::uint64_t> changes_{0};
    std::atomic<std::uint64_t> declared_{0};
    std::atomic<bool> live_{false};
    SourcePhase phase_ = SourcePhase::Idle;
    SteadyTime begun_;
    double cpuBegun_ = 0;
    double createSeconds_ = 0;
    double createCpu_ = 0;
    std::uint32_t badTags_ = 0;
    clockid_t clock_{};
};

/// Empties the inbox as the store does.
class Reader {
public:
    Reader(Doorbell& bell, store::SourceInbox& inbox, std::size_t nodes)
        : bell_(bell),
          inbox_(inbox),
          missed_(nodes),
          thread_([this](const std::stop_token& stop) { work(stop); }) {}

    [[nodiscard]] std::uint64_t finish() {
        thread_.request_stop();
        thread_.join();
        return missed_.missed() + inbox_.skipped().value();
    }

private:
    void work(const std::stop_token& stop) {
        std::vector<SourceMessage> messages;
        while (!stop.stop_requested()) {
            bell_.waitUntil(SteadyClock::now() + 50ms);
            while (inbox_.drain(messages, 100'000)) {
                for (const SourceMessage& message : messages) take(message);
                messages.clear();
            }
        }
    }

    void take(const SourceMessage& message) {
        const auto* values = std::get_if<ValuesArrived>(&message);
        if (values == nullptr) return;
        for (const TagUpdate& update : values->updates) {
            // Ids are given in the order of the tags, from 0.
            if (update.value.status.isGood()) missed_.take(update.tag.value(), update.value.value.toDouble());
        }
    }

    Doorbell& bell_;
    store::SourceInbox& inbox_;
    MissedCounter missed_;
    std::jthread thread_;
};

source::opcua::OpcUaOptions optionsOf(const Task& task) {
    source::opcua::OpcUaOptions options;
    options.name = "load";
    options.endpoint = task.endpoint;
    options.publishingInterval = std::chrono::milliseconds(task.publishingIntervalMs);
    options.samplingInterval = 0ms;
    options.security.policy = source::opcua::SecurityPolicyChoice::None;
    options.tags.resize(task.nodes);
    for (std::uint32_t i = 0; i < task.nodes; ++i) {
        options.tags[i].name = fmt::format("Load.{}", i + 1);
        options.tags[i].node = fmt::format("nsu=urn:tagwire:load;i={}", i + 1);
    }
    return options;
}

/// Waits until the first values of all nodes are through and their metadata, which are read once after the
/// items are there, have been told. The CPU of the source's thread meanwhile.
double settle(const WatchedSink& sink) {
    const double before = cpuSeconds(sink.clock());
    std::uint64_t declared = 0;
    for (int seconds = 0; seconds == 0 || declared != sink.declared(); ++seconds) {
        if (seconds > 60) throw std::runtime_error("the metadata do not come to an end within a minute");
        declared = sink.declared();
        std::this_thread::sleep_for(1s);
    }
    return cpuSeconds(sink.clock()) - before;
}

}  // namespace

Measured measureSource(const Task& task) {
    Doorbell bell;
    store::SourceInbox inbox(bell);
    WatchedSink sink(inbox);
    Reader reader(bell, inbox, task.nodes);
    source::opcua::OpcUaSource source(optionsOf(task), SourceId{0}, sink);
    source.start();
    for (int turns = 0; !sink.live(); ++turns) {
        if (turns > 60'000) throw std::runtime_error("the source does not come to live within a minute");
        std::this_thread::sleep_for(1ms);
    }
    if (sink.badTags() > 0) throw std::runtime_error(fmt::format("{} items were refused", sink.badTags()));
    const double settleCpu = settle(sink);

    const std::uint64_t changes = sink.changes();
    const double cpu = cpuSeconds(sink.clock());
    const SteadyTime begun = SteadyClock::now();
    std::this_thread::sleep_for(std::chrono::seconds(task.seconds));
    Measured measured{.createSeconds = sink.createSeconds(),
                      .createCpuSeconds = sink.createCpu(),
                      .settleCpuSeconds = settleCpu,
                      .changes = sink.changes() - changes,
                      .seconds = std::chrono::duration<double>(SteadyClock::now() - begun).count(),
                      .cpuSeconds = cpuSeconds(sink.clock()) - cpu};
    if (!sink.live()) throw std::runtime_error("the source lost the server");
    source.stop();
    measured.missed = reader.finish();
    return measured;
}

}  // namespace tagwire::bench
