/// When to ask a server for its present conditions, and when its answer is complete (OPC 10000-9, 5.5.7):
/// the call is answered, each monitored item gets RefreshStart, its conditions, RefreshEnd. Pure: no I/O.
/// Thread: the source's. Lifetime: one subscription of one generation.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>

#include "base/time.h"
#include "model/status_code.h"

namespace tagwire::source::opcua {

class RefreshCycle {
public:
    /// A flood of overflows must not become a flood of refreshes.
    static constexpr std::chrono::milliseconds kPause{2'000};
    /// Before another attempt after the server refused or did not complete one.
    static constexpr std::chrono::milliseconds kRetry{30'000};
    /// From the call to the last RefreshEnd.
    static constexpr std::chrono::milliseconds kDeadline{30'000};

    enum class Outcome : std::uint8_t {
        Nothing,
        /// The first RefreshStart: what comes until the end is what there is.
        Began,
        /// Every item has got its RefreshEnd.
        Complete,
        /// It will not complete; it is tried again.
        Failed,
        /// The server has no conditions to refresh, and never will have.
        Unsupported,
    };

    /// A refresh is wanted; one that is on its way already does not count, for it may have been too early.
    void want() noexcept { wanted_ = true; }
    /// Now is the time to call. `items` is how many monitored items there are.
    [[nodiscard]] bool due(SteadyTime now, std::size_t items) const noexcept {
        return wanted_ && !running_ && !unsupported_ && items > 0 && now >= notBefore_;
    }
    /// It was called, for that many items.
    void called(SteadyTime now, std::size_t items);
    [[nodiscard]] Outcome answered(StatusCode result, SteadyTime now);
    [[nodiscard]] Outcome started(std::uint32_t item);
    [[nodiscard]] Outcome ended(std::uint32_t item, SteadyTime now);
    /// Gives up what takes too long.
    [[nodiscard]] Outcome tick(SteadyTime now);

    /// What comes for this item now is told by the refresh.
    [[nodiscard]] bool covers(std::uint32_t item) const noexcept {
        return running_ && started_.contains(item) && !ended_.contains(item);
    }
    [[nodiscard]] bool unsupported() const noexcept { return unsupported_; }

private:
    void finish(SteadyTime next) noexcept;

    bool wanted_ = false;
    bool running_ = false;
    bool unsupported_ = false;
    std::size_t items_ = 0;
    SteadyTime deadline_;
    SteadyTime notBefore_;
    std::set<std::uint32_t> started_, ended_;
};

}  // namespace tagwire::source::opcua
