/// Values on their way to the gateway.
///
/// While the gateway takes them: the latest of every item, in the order in which items changed. Bounded by
/// the number of items; what took the place of another carries the overflow bit. Frames that the gateway has
/// not acknowledged are bounded, too, so that a slow one gets fewer values and always the newest.
///
/// While it is away every value waits in the backlog, also what was sent and not acknowledged. When it is
/// back the backlog goes first, frame by frame; what comes meanwhile queues up behind, so that all come in
/// order.
/// Then every item comes once as it is, because the gateway may have been started anew.
///
/// Thread: put() by any; everything else by the bridge's. Lifetime: callbacks of COM share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "link/backlog.h"
#include "link/frames.h"
#include "link/out_value.h"
#include "model/status_code.h"

namespace tagwire::da {

class Outbox {
public:
    static constexpr std::uint64_t kWindow = 8;  ///< data frames that are not acknowledged

    /// What is in the backlog already goes first. At first there is no gateway.
    explicit Outbox(Backlog backlog) : backlog_(std::move(backlog)) {}

    /// Values of the watch that begins are taken alone: handles of another one mean other items. `ids` by
    /// handle. What waits of the watch before is forgotten where the gateway is there, which hears that the
    /// items are lost. The number of the watch.
    std::uint64_t begin(std::vector<std::string> ids);
    void put(std::uint64_t watch, std::uint32_t handle, OutValue value);
    /// The watch has ended: where the gateway cannot be told, its items get this status, with their last
    /// values.
    void end(StatusCode why, Timestamp now);

    /// A gateway has given an order: sequences begin, unless it is the same one with another order.
    void connected();
    /// Does nothing when none is there.
    void disconnected(Timestamp now);
    void acknowledged(std::uint64_t sequence);

    struct Batch {
        std::string frame;
        /// Items whose value is of another type than `shapes` says; told before the frame.
        std::vector<std::pair<std::uint32_t, ValueShape>> changed;
    };
    /// None: nothing waits, or the window is full. `shapes` by handle; what changed is changed there.
    [[nodiscard]] std::optional<Batch> next(std::vector<ValueShape>& shapes);

    /// Writes to disk what would be lost with the process.
    void flush();
    /// Values of the backlog that found no room, or whose items the gateway does not want any more.
    [[nodiscard]] std::uint64_t lost();

private:
    using Ids = std::shared_ptr<const std::vector<std::string>>;  ///< by handle
    struct Sent {
        Ids ids;
        std::vector<std::pair<std::uint32_t, OutValue>> rows;
    };

    [[nodiscard]] std::optional<Batch> nextStored(std::vector<ValueShape>& shapes);
    [[nodiscard]] std::optional<Batch> nextLive(std::vector<ValueShape>& shapes);
    /// The backlog is empty.
    void goLive();
    void keep(const std::string& id, OutValue value, Timestamp now);

    std::mutex mutex_;
    Backlog backlog_;
    bool connected_ = false;
    bool keeping_ = true;       ///< values go to the backlog
    std::uint64_t stored_ = 0;  ///< number of the last stored value that is on its way
    std::uint64_t unwanted_ = 0;
    std::uint64_t watch_ = 0;
    Ids ids_ = std::make_shared<const std::vector<std::string>>();
    std::unordered_map<std::string, std::uint32_t> handles_;
    std::unordered_map<std::uint32_t, OutValue> last_;  ///< of each item
    std::unordered_map<std::uint32_t, OutValue> waiting_;
    std::vector<std::uint32_t> order_;
    std::deque<Sent> unacknowledged_;  ///< the live frames that are on their way
    std::uint64_t sent_ = 0;
    std::uint64_t acknowledged_ = 0;
};

}  // namespace tagwire::da
