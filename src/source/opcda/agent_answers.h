/// What a gateway asks of an agent and orders, and what the agent answers (docs/opcda-agent-protocol.md).
/// Thread: any. Lifetime: value types and functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/time.h"
#include "model/status_code.h"
#include "model/value.h"
#include "source/opcda/frame_members.h"
#include "source/opcda/value_reader.h"

namespace tagwire::source::opcda {

/// How the OPC DA server is, as the agent saw it just now.
struct AgentHealth {
    std::string state;  ///< in words
    std::optional<Timestamp> started;
    std::optional<Timestamp> clock;
    std::chrono::milliseconds roundTrip{0};
    std::uint64_t lost =
        0;  ///< values of times without a connection that found no room, since the agent began
};

/// A branch, an item, or both.
struct AgentEntry {
    std::string name;
    std::string item;                 ///< its id; empty: it is none
    std::optional<std::string> step;  ///< of a branch: what its path has after the path that was asked for
};
struct AgentEntries {
    std::uint64_t id = 0;
    std::vector<AgentEntry> entries;
    bool more = false;  ///< another frame follows
    std::string cut;    ///< why there are not all
};

struct AgentProperty {
    std::uint32_t id = 0;
    std::string text;
    boost::json::value value;
    StatusCode status;
};
struct AgentLooked {
    std::uint64_t id = 0;
    std::uint16_t variantType = 0;
    ValueShape shape;
    boost::json::value value;
    std::optional<Timestamp> time;
    StatusCode status;
    std::vector<AgentProperty> properties;
};

struct AgentWrittenItem {
    std::uint32_t code = 0;  ///< HRESULT
    StatusCode status;
    boost::json::value after;
    boost::json::value before;
};
struct AgentWritten {
    std::uint64_t id = 0;
    std::vector<AgentWrittenItem> items;
};

/// Nothing was done.
struct AgentRefused {
    std::uint64_t id = 0;
    StatusCode status;
    std::string message;
};

[[nodiscard]] AgentHealth readHealth(Members members);
[[nodiscard]] AgentEntries readEntries(Members members, std::string& problem);
[[nodiscard]] AgentLooked readLooked(Members members);
[[nodiscard]] AgentWritten readWritten(Members members);
[[nodiscard]] AgentRefused readRefused(Members members);

/// Steps of branches from the root.
using BranchPath = std::vector<std::string>;

[[nodiscard]] std::string browseFrame(std::uint64_t id, const BranchPath& path, std::size_t limit);
[[nodiscard]] std::string lookFrame(std::uint64_t id, std::string_view item);
[[nodiscard]] std::string searchFrame(std::uint64_t id, std::string_view pattern, std::size_t limit);

struct HandleWrite {
    std::uint32_t handle = 0;
    std::uint16_t variantType = 0;
    Value value;
};
/// Not after `patience`.
[[nodiscard]] std::string writeFrame(std::uint64_t id, std::chrono::milliseconds patience,
                                     const std::vector<HandleWrite>& writes);

}  // namespace tagwire::source::opcda
