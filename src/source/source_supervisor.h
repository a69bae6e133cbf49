/// Starts and stops all sources. One that was stopped before the others is kept until the end, because
/// somebody may still be asking it. Thread: one at a time. Lifetime: the sinks of its sources outlive it.
#pragma once

#include <memory>
#include <vector>

#include "source/source.h"

namespace tagwire::source {

class SourceSupervisor {
public:
    SourceSupervisor() = default;
    SourceSupervisor(const SourceSupervisor&) = delete;
    SourceSupervisor& operator=(const SourceSupervisor&) = delete;
    ~SourceSupervisor() { stop(); }

    /// Starts it, too, where the others run.
    void add(std::unique_ptr<Source> source);

    void start();
    /// All at the same time: many servers that do not answer take no longer than one.
    void stop() noexcept;

private:
    std::vector<std::unique_ptr<Source>> sources_;
    bool started_ = false;
};

}  // namespace tagwire::source
