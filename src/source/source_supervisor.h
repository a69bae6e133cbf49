/// Starts and stops all sources.
/// Thread: the composition root's. Lifetime: the sinks of its sources outlive it.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "source/source.h"

namespace tagwire::source {

class SourceSupervisor {
public:
    SourceSupervisor() = default;
    SourceSupervisor(const SourceSupervisor&) = delete;
    SourceSupervisor& operator=(const SourceSupervisor&) = delete;
    ~SourceSupervisor() { stop(); }

    void add(std::unique_ptr<Source> source) { sources_.push_back(std::move(source)); }
    [[nodiscard]] std::size_t size() const noexcept { return sources_.size(); }
    /// Null: no source has this name. Thread: any, once all are added.
    [[nodiscard]] Source* find(std::string_view name) const noexcept;

    void start();
    /// All at the same time: many servers that do not answer take no longer than one.
    void stop() noexcept;

private:
    std::vector<std::unique_ptr<Source>> sources_;
    bool started_ = false;
};

}  // namespace tagwire::source
