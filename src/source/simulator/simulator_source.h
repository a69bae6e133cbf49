/// The built-in simulator: the Matrikon tags, the demonstration plant and the load tags of SimulatorOptions.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "source/simulator/options.h"
#include "source/simulator/tag_set.h"
#include "source/source.h"

namespace tagwire::source::simulator {

/// Values depend on the seed and the number of the scan only; the wall clock gives nothing but their times.
/// Thread: owns one, which does everything and makes all calls into the sink; start() and stop() by the
/// owner's. Lifetime: the sink outlives it.
class SimulatorSource final : public Source {
public:
    SimulatorSource(SimulatorOptions options, SourceId id, UpdateSink& sink);
    ~SimulatorSource() override { stop(); }
    SimulatorSource(const SimulatorSource&) = delete;
    SimulatorSource& operator=(const SimulatorSource&) = delete;

    [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
    void start() override;
    void stop() noexcept override;

private:
    struct Group {
        std::unique_ptr<TagSet> set;
        ScanReport report;
    };

    void run();
    std::uint32_t declareTags();
    void scanUntilStopped();
    void scan(const Scan& scan);
    void changeState(SourcePhase phase, StatusCode why);

    const SimulatorOptions options_;
    const SourceId id_;
    UpdateSink& sink_;
    std::vector<Group> groups_;
    std::uint32_t tags_ = 0;
    std::size_t lastUpdates_ = 0;
    std::atomic<bool> stopping_{false};
    Doorbell stopBell_;
    std::thread thread_;
};

}  // namespace tagwire::source::simulator
