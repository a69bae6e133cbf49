/// What the clients of this benchmark are asked to do, and what is measured of them.
/// Thread: any. Lifetime: value types and functions.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace tagwire::bench {

struct Task {
    std::string endpoint;
    /// The first this many nodes of the load server.
    std::uint32_t nodes = 0;
    std::uint32_t seconds = 0;
    std::uint32_t publishingIntervalMs = 0;
};

struct Measured {
    /// From the request for the subscription until the last item is there.
    double createSeconds = 0;
    /// CPU of the client's thread meanwhile.
    double createCpuSeconds = 0;
    /// CPU of the client's thread from then on until it only takes changes, with the changes of that time.
    double settleCpuSeconds = 0;
    /// Within the measured time.
    std::uint64_t changes = 0;
    double seconds = 0;
    double cpuSeconds = 0;
    /// Changes that were made at the server and never came, from the first value of each node to its last.
    std::uint64_t missed = 0;
};

/// CPU time of a thread, or of the process.
inline double cpuSeconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Sees from the values, which count the changes of their node, what did not come.
class MissedCounter {
public:
    explicit MissedCounter(std::size_t nodes) : last_(nodes, -1.0) {}

    void take(std::size_t node, double value) noexcept {
        double& last = last_[node];
        if (last >= 0 && value > last + 1) missed_ += static_cast<std::uint64_t>(value - last - 1);
        last = value;
    }
    [[nodiscard]] std::uint64_t missed() const noexcept { return missed_; }

private:
    std::vector<double> last_;
    std::uint64_t missed_ = 0;
};

/// Tagwire's source, into a store's inbox that another thread empties. CPU is that of its I/O thread.
[[nodiscard]] Measured measureSource(const Task& task);

/// The library's own client with a callback for each value. CPU is that of its thread.
[[nodiscard]] Measured measureCallbacks(const Task& task);

}  // namespace tagwire::bench
