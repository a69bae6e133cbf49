/// A connection to an OPC DA server on this machine.
/// Thread: one at a time; callbacks come on COM's threads. Lifetime: releases the server when it goes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "com/com_ptr.h"
#include "com/variant.h"
#include "model/value.h"
#include "opcda.h"

namespace tagwire::da {

struct ServerInfo {
    std::string vendor;
    std::string version;  ///< "major.minor.build"
    std::string state;
    std::optional<Timestamp> start;
    std::optional<Timestamp> now;
    std::optional<Timestamp> lastUpdate;
    std::uint32_t groups = 0;
    std::vector<std::string> interfaces;  ///< optional ones that it has
};

/// Value, quality, time and the item's own code, as the server gave them.
struct ItemReading {
    Value value;
    std::uint16_t type = 0;
    std::uint16_t quality = 0;
    std::optional<Timestamp> time;
    std::uint32_t error = 0;
};

struct ItemProperty {
    std::uint32_t id = 0;
    std::string text;
    Value value;
    std::uint32_t error = 0;
};

/// A branch, an item, or both.
struct BrowseEntry {
    std::string name;
    std::string itemId;  ///< empty for what is no item
    bool isBranch = false;
    /// Of a branch: what its path has after the path in which it was found.
    std::string step;
};

/// What an item shall be.
struct ItemWrite {
    std::string itemId;
    std::uint16_t type = 0;  ///< VARTYPE that `value` is of; VT_EMPTY: the item's own
    Value value;
};

struct WriteResult {
    std::uint32_t error = 0;  ///< the item's code; also codes of success that say more
    ItemReading before;       ///< what the item was, and what it is then, where it was written
    ItemReading after;
};

struct WatchOptions {
    std::uint32_t rateMs = 1000;
    float deadbandPercent = 0;
};

/// Why nothing was written; or, where it had begun, why nobody knows whether it was.
struct WriteFailure {
    bool begun = false;
    std::uint32_t code = 0;  ///< 0: `mayBegin` said no
    std::string message;
};

/// A group with callbacks; ends when it goes.
class DaWatch;

class DaServer {
public:
    static constexpr std::size_t kAllEntries = 1'000'000;

    /// A ProgID, or a CLSID in braces. `onShutdown` is told, on a thread of COM, when the server asks its
    /// clients to go.
    [[nodiscard]] static Result<DaServer> connect(const std::string& name,
                                                  std::function<void(std::string)> onShutdown = {});

    DaServer(DaServer&&) noexcept;
    DaServer& operator=(DaServer&&) noexcept;
    ~DaServer();

    [[nodiscard]] Result<ServerInfo> info();
    /// The code of GetStatus: what a watchdog asks, because callbacks of a server that died just stop.
    [[nodiscard]] std::uint32_t ping();

    /// What lies directly below `path`, the steps of branches from the root: at most `most` entries, and one
    /// more where there are more.
    [[nodiscard]] Result<std::vector<BrowseEntry>> browse(const std::vector<std::string>& path,
                                                          std::size_t most = kAllEntries);
    [[nodiscard]] Result<std::vector<ItemProperty>> properties(const std::string& itemId);

    /// One reading for each id, in their order; from the device, or from the server's cache.
    [[nodiscard]] Result<std::vector<ItemReading>> read(const std::vector<std::string>& itemIds,
                                                        bool fromCache);
    /// Text is read as the item's own type. The code of the server for it; a text that does not fit is an
    /// error.
    [[nodiscard]] Result<std::uint32_t> write(const std::string& itemId, const std::string& text);
    /// One result for each, in their order: written together, and read back from the device. An item of
    /// another type than a write says is refused with the code for a bad type. `mayBegin` is asked when all
    /// is ready.
    [[nodiscard]] Result<std::vector<WriteResult>, WriteFailure> write(const std::vector<ItemWrite>& writes,
                                                                       const std::function<bool()>& mayBegin);

    /// `onChange` gets the position of the item in `itemIds`, on a thread of COM; it must not call the
    /// server. Items that the server refuses are told at once, by their code.
    [[nodiscard]] Result<std::unique_ptr<DaWatch>> watch(
        const std::vector<std::string>& itemIds, WatchOptions options,
        std::function<void(std::size_t, const ItemReading&)> onChange);

    /// Words for a code, the server's own where we have none.
    [[nodiscard]] std::string explain(std::uint32_t code);

private:
    struct Parts;
    explicit DaServer(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// What the server said of an item when it was added to a group.
struct AddedItem {
    std::uint32_t handle = 0;
    std::uint16_t type = 0;    ///< VARTYPE that the server calls canonical; VT_EMPTY: it does not know yet
    std::uint32_t access = 0;  ///< OPC_READABLE 1, OPC_WRITEABLE 2
    std::uint32_t error = 0;
};

class DaWatch {
public:
    DaWatch() = default;
    DaWatch(const DaWatch&) = delete;
    DaWatch& operator=(const DaWatch&) = delete;
    virtual ~DaWatch() = default;
    [[nodiscard]] virtual std::uint32_t revisedRateMs() const noexcept = 0;
    /// In the order of the ids.
    [[nodiscard]] virtual const std::vector<AddedItem>& items() const noexcept = 0;
};

}  // namespace tagwire::da
