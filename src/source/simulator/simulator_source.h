/// The built-in simulator: the Matrikon tags, the demonstration plant and the load tags of SimulatorOptions.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/tag_patterns.h"
#include "source/simulator/options.h"
#include "source/simulator/plant_alarms.h"
#include "source/simulator/tag_set.h"
#include "source/source.h"

namespace tagwire::source::simulator {

/// Values depend on the seed and the number of the scan only; the wall clock gives nothing but their times.
/// Thread: owns one, which does everything and makes all calls into the sink; start() and stop() by the
/// owner's. Lifetime: the sink outlives it.
class SimulatorSource final : public Source, private TagWriter, private ConditionServices {
public:
    /// Orders that wait for the thread, by the number of their values or conditions. One more is refused.
    static constexpr std::size_t kMaxOrders = 1'000;

    SimulatorSource(SimulatorOptions options, SourceId id, UpdateSink& sink);
    ~SimulatorSource() override { stop(); }
    SimulatorSource(const SimulatorSource&) = delete;
    SimulatorSource& operator=(const SimulatorSource&) = delete;

    [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
    void start() override;
    void stop() noexcept override;
    [[nodiscard]] TagWriter* writer() noexcept override { return this; }
    /// The plant's.
    [[nodiscard]] ConditionServices* conditions() noexcept override {
        return options_.plant ? this : nullptr;
    }

private:
    struct Group {
        std::unique_ptr<TagSet> set;
        ScanReport report;
    };

    /// Where a tag is found by those who write it.
    struct Place {
        std::size_t group = 0;
        std::size_t tag = 0;
    };
    /// Runs on the thread; answers for itself when it goes without having been run.
    using Order = std::function<void()>;

    void write(std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer) override;
    void act(ConditionOrder order, SteadyTime deadline, ServiceAnswer<ConditionAnswer> answer) override;
    void obey();
    [[nodiscard]] std::vector<TagWritten> written(const std::vector<TagWrite>& writes);
    [[nodiscard]] ConditionAnswer acted(const ConditionOrder& order);
    void postEvents(EventBatch batch);
    void run();
    std::uint32_t declareTags();
    void scanUntilStopped();
    void scan(const Scan& scan);
    void changeState(SourcePhase phase, StatusCode why);

    const SimulatorOptions options_;
    const SourceId id_;
    UpdateSink& sink_;
    std::vector<Group> groups_;
    /// Nothing without the plant.
    std::optional<PlantAlarms> alarms_;
    std::uint32_t tags_ = 0;
    std::size_t lastUpdates_ = 0;
    std::atomic<bool> stopping_{false};
    Doorbell bell_;
    Mailbox<Order> orders_{kMaxOrders, [this] { bell_.ring(); }};
    /// Of the tags that may be written.
    std::unordered_map<TagId, Place> writable_;
    std::thread thread_;
};

}  // namespace tagwire::source::simulator
