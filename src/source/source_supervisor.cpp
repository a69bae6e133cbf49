#include "source/source_supervisor.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace tagwire::source {

Source* SourceSupervisor::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(sources_, name, &Source::name);
    return found == sources_.end() ? nullptr : found->get();
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
