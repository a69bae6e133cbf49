/// Identities inside one run of the server.
/// Thread: any. Lifetime: value types.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/strong_id.h"

namespace tagwire {

/// Dense server-wide index of a tag; the protocol's `h`. Never reused while the server runs.
using TagId = StrongId<struct TagIdTag, std::uint32_t>;

/// Index of a source, in the order of the configuration.
using SourceId = StrongId<struct SourceIdTag, std::uint32_t>;

/// Server-wide number of a change: every change of every tag gets the next one, from 1.
using ChangeNumber = StrongId<struct ChangeNumberTag, std::uint64_t>;

/// Hands out tag ids to the sources. Thread: any.
class TagIdAllocator {
public:
    [[nodiscard]] TagId next() noexcept { return TagId{next_.fetch_add(1, std::memory_order_relaxed)}; }

private:
    std::atomic<std::uint32_t> next_{0};
};

}  // namespace tagwire
