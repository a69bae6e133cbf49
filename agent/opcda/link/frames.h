/// What the agent and its gateway say to each other (docs/opcda-agent-protocol.md), seen from the agent.
/// Thread: any. Lifetime: value types and functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/status_code.h"
#include "model/value.h"

namespace tagwire::da {

struct GatewayHello {
    std::string server;  ///< product
};

struct WatchOrder {
    std::string server;
    std::vector<std::string> items;
    std::uint32_t rateMs = 1000;
    float deadbandPercent = 0;
    friend bool operator==(const WatchOrder&, const WatchOrder&) = default;
};

struct Acknowledged {
    std::uint64_t sequence = 0;
};

/// What lies directly below `path`: steps of branches from the root.
struct BrowseOrder {
    std::uint64_t id = 0;
    std::vector<std::string> path;
    std::uint32_t limit = 0;
};

/// An item as it is now, with its properties.
struct LookOrder {
    std::uint64_t id = 0;
    std::string item;
};

/// Items whose id matches the pattern.
struct SearchOrder {
    std::uint64_t id = 0;
    std::string pattern;
    std::uint32_t limit = 0;
};

struct HandleWrite {
    std::uint32_t handle = 0;
    std::uint16_t type = 0;      ///< VARTYPE as the gateway knows it
    std::optional<Value> value;  ///< none: what came is not of the type
};

/// Carried out at once or not at all: never after `patience`.
struct WriteOrder {
    std::uint64_t id = 0;
    std::chrono::milliseconds patience{0};
    std::vector<HandleWrite> writes;
};

/// A ping, or a frame of a later version, which says nothing to us.
struct NothingToDo {};

using GatewayFrame = std::variant<GatewayHello, WatchOrder, Acknowledged, BrowseOrder, LookOrder, SearchOrder,
                                  WriteOrder, NothingToDo>;

[[nodiscard]] Result<GatewayFrame> parseGatewayFrame(std::string_view text);

struct ValueShape {
    BuiltInType type = BuiltInType::Null;
    bool array = false;
    friend bool operator==(const ValueShape&, const ValueShape&) = default;
};
/// Of a VARTYPE.
[[nodiscard]] ValueShape shapeOf(std::uint16_t type) noexcept;

/// As frames name it.
[[nodiscard]] std::string_view typeName(BuiltInType type) noexcept;

/// An item as the gateway gets to know it; `error` empty: it is watched.
struct ItemNotice {
    std::uint32_t handle = 0;
    std::string id;
    ValueShape shape;
    std::uint16_t type = 0;  ///< VARTYPE; VT_EMPTY: the server does not know yet
    std::uint32_t access = 1;
    std::string unit;
    std::string description;
    std::optional<double> low;
    std::optional<double> high;
    StatusCode status;
    std::string error;
};

/// `host`: this machine's name.
/// Before hello, where the request did not have the token.
[[nodiscard]] std::string authFrame(std::string_view token);
[[nodiscard]] std::string agentHello(std::string_view product, std::string_view host);
[[nodiscard]] std::string pingFrame();
/// As many frames as the bound of a message asks for.
[[nodiscard]] std::vector<std::string> itemsFrames(const std::vector<ItemNotice>& items);
/// `status` is Good where the server is live; then `rateMs` is the rate that it granted.
[[nodiscard]] std::string stateFrame(StatusCode status, std::string_view message, std::string_view server,
                                     std::uint32_t rateMs = 0);

/// Below the gateway's bound of a message, 64 KiB by default.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{48} * 1024;

/// Puts rows into one data frame.
class DataFrame {
public:
    explicit DataFrame(std::uint64_t sequence) : sequence_(sequence) {}

    /// `value` as JSON; no time: the server gave none.
    void add(std::uint32_t handle, std::string_view value, std::optional<Timestamp> time, StatusCode status);
    [[nodiscard]] std::size_t bytes() const noexcept { return rows_.size(); }
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    /// `past`: values of a time without a connection.
    [[nodiscard]] std::string text(bool past) const;

private:
    std::uint64_t sequence_;
    std::optional<std::int64_t> base_;
    std::string rows_;
};

}  // namespace tagwire::da
