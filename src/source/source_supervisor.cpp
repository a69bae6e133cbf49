#include "source/source_supervisor.h"

#include <thread>
#include <utility>

namespace tagwire::source {

void SourceSupervisor::add(std::unique_ptr<Source> source) {
    auto& added = *sources_.emplace_back(std::move(source));
    if (started_) added.start();
}

void SourceSupervisor::start() {
    started_ = true;
    for (const auto& source : sources_) source->start();
}

void SourceSupervisor::stop() noexcept {
    if (!std::exchange(started_, false)) return;
    std::vector<std::jthread> stopping;
    stopping.reserve(sources_.size());
    for (const auto& source : sources_) {
        stopping.emplace_back([&source] { source->stop(); });
    }
}

}  // namespace tagwire::source
