/// Values on their way to the gateway: the latest of every item, in the order in which items changed. Bounded
/// by the number of items; what took the place of another carries the overflow bit. Frames that the gateway
/// has not acknowledged are bounded, too, so that a slow one gets fewer values and always the newest. Thread:
/// put() by any; everything else by the bridge's. Lifetime: one a connection to the gateway; callbacks of COM
/// share it.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "link/frames.h"
#include "model/status_code.h"

namespace tagwire::da {

struct OutValue {
    std::string value;  ///< JSON
    ValueShape shape;   ///< Null for a null value
    std::optional<Timestamp> time;
    StatusCode status;
};

class Outbox {
public:
    static constexpr std::uint64_t kWindow = 8;  ///< data frames that are not acknowledged

    /// Forgets what waits, and takes values of the watch that begins alone: handles of another one mean other
    /// items. Sequences go on. The number of the watch.
    std::uint64_t begin();

    void put(std::uint64_t watch, std::uint32_t handle, OutValue value);

    void acknowledged(std::uint64_t sequence) noexcept;

    struct Batch {
        std::string frame;
        /// Items whose value is of another type than `shapes` says; told before the frame.
        std::vector<std::pair<std::uint32_t, ValueShape>> changed;
    };
    /// None: nothing waits, or the window is full. `shapes` by handle; what changed is changed there.
    [[nodiscard]] std::optional<Batch> next(std::vector<ValueShape>& shapes);

private:
    std::mutex mutex_;
    std::uint64_t watch_ = 0;
    std::unordered_map<std::uint32_t, OutValue> waiting_;
    std::vector<std::uint32_t> order_;
    std::uint64_t sent_ = 0;
    std::uint64_t acknowledged_ = 0;
};

}  // namespace tagwire::da
