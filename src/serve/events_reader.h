/// What the rest of the program knows of the sources' events; implemented by the composition root.
/// Thread: read() by any shard's. Lifetime: outlives the server.
#pragma once

#include <memory>
#include <string_view>

#include "model/source_events.h"

namespace tagwire::serve {

class EventsReader {
public:
    EventsReader() = default;
    EventsReader(const EventsReader&) = delete;
    EventsReader& operator=(const EventsReader&) = delete;
    virtual ~EventsReader() = default;

    /// Null where no source has this name.
    [[nodiscard]] virtual std::shared_ptr<const SourceEventsSnapshot> read(std::string_view source) const = 0;
};

}  // namespace tagwire::serve
