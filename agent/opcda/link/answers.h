/// What the agent answers to questions and orders of its gateway (docs/opcda-agent-protocol.md).
/// Thread: any. Lifetime: value types and functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "link/frames.h"
#include "link/out_value.h"
#include "model/status_code.h"

namespace tagwire::da {

/// A branch, an item, or both.
struct ListedEntry {
    std::string name;
    std::string item;  ///< its id; empty: it is none
    bool branch = false;
    std::string step;  ///< of a branch: what its path has after the path in which it was found
};

/// What an item is and what is known of it.
struct LookedProperty {
    std::uint32_t id = 0;
    std::string text;
    std::string value;  ///< JSON
    StatusCode status;
};
struct LookedItem {
    std::uint16_t type = 0;  ///< VARTYPE; VT_EMPTY: unknown
    OutValue value;
    std::vector<LookedProperty> properties;
};

struct WrittenItem {
    std::uint32_t code = 0;  ///< HRESULT
    StatusCode status;
    std::string after = "null";   ///< JSON of the value that was read back
    std::string before = "null";  ///< and of the one that was there
};

/// How the OPC DA server is, and what waits for the gateway.
struct Health {
    std::string state;  ///< as GetStatus says it, in words
    std::optional<Timestamp> started;
    std::optional<Timestamp> clock;
    std::uint32_t roundTripMs = 0;
    std::uint64_t lost = 0;  ///< values that found no room, since the agent began
};

/// As many frames as the bound of a message asks for; all but the last say that more comes. What is too long
/// to be named is left out. `cut`: why there are not all, in words.
[[nodiscard]] std::vector<std::string> entriesFrames(std::uint64_t id,
                                                     const std::vector<ListedEntry>& entries,
                                                     std::string_view cut);
[[nodiscard]] std::string lookedFrame(std::uint64_t id, const LookedItem& item);
[[nodiscard]] std::string writtenFrame(std::uint64_t id, const std::vector<WrittenItem>& items);
[[nodiscard]] std::string refusedFrame(std::uint64_t id, StatusCode status, std::string_view message);
[[nodiscard]] std::string healthFrame(const Health& health);

}  // namespace tagwire::da
