/// What agent and gateway say to each other (docs/opcda-agent-protocol.md).
/// Thread: any. Lifetime: value types and functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/value.hpp>

#include "base/result.h"
#include "base/time.h"
#include "model/status_code.h"
#include "model/tag_info.h"
#include "source/opcda/agent_answers.h"
#include "source/opcda/value_reader.h"

namespace tagwire::source::opcda {

inline constexpr std::int64_t kAgentProtocolVersion = 1;

struct AgentHello {
    std::string agent;  ///< product and version
    std::string host;
};

/// An item that is watched, or why it is not.
struct AgentItem {
    std::uint32_t handle = 0;
    std::string id;
    ValueShape shape;
    /// VARTYPE, in which it is written; VT_EMPTY: the server does not tell.
    std::uint16_t variantType = 0;
    Access access = Access::Read;
    std::string unit;
    std::string description;
    std::optional<double> low;
    std::optional<double> high;
    StatusCode status;
    std::string error;  ///< empty: it is watched
};

struct AgentItems {
    std::vector<AgentItem> items;
};

/// How the OPC DA server is doing.
struct AgentServerState {
    bool live = false;
    StatusCode status;
    std::string message;
    std::string server;                 ///< vendor and version, where known
    std::chrono::milliseconds rate{0};  ///< that the server granted, where it is live and the agent tells
};

struct AgentRow {
    std::uint32_t handle = 0;
    boost::json::value value;
    /// None: the server gave none.
    std::optional<Timestamp> time;
    StatusCode status;
};

struct AgentData {
    std::uint64_t sequence = 0;
    bool past = false;  ///< of a time without a connection
    std::vector<AgentRow> rows;
};

struct AgentPing {};

using AgentFrame = std::variant<AgentHello, AgentItems, AgentServerState, AgentData, AgentHealth,
                                AgentEntries, AgentLooked, AgentWritten, AgentRefused, AgentPing>;

/// The error says which member is wrong; at most 120 bytes, so that it fits into the reason of a closing
/// frame.
[[nodiscard]] Result<AgentFrame> parseAgentFrame(std::string_view text);

[[nodiscard]] std::string gatewayHello(std::string_view product);
/// What is to be watched; answered by items and state frames.
[[nodiscard]] std::string watchFrame(std::string_view server, const std::vector<std::string>& items,
                                     std::chrono::milliseconds rate, double deadbandPercent);
[[nodiscard]] std::string ackFrame(std::uint64_t sequence);

}  // namespace tagwire::source::opcda
