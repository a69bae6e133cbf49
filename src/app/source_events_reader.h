/// The events of every source by its name, for the server's routes.
/// Thread: any. Lifetime: outlives the server; what it reads
/// outlives it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "model/source_events.h"
#include "serve/events_reader.h"

namespace tagwire::app {

class SourceEventsReader final : public serve::EventsReader {
public:
    void add(const std::string& source, const SourceEvents& events) {
        const std::scoped_lock lock(mutex_);
        sources_.emplace(source, &events);
    }

    [[nodiscard]] std::shared_ptr<const SourceEventsSnapshot> read(std::string_view source) const override {
        const std::scoped_lock lock(mutex_);
        const auto found = sources_.find(source);
        return found == sources_.end() ? nullptr : found->second->snapshot();
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, const SourceEvents*, std::less<>> sources_;
};

}  // namespace tagwire::app
