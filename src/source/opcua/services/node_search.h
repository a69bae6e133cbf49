/// Search for nodes by a text in their names. Thread: the source's. Lifetime: functions; as batched_call.h.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/address_space.h"
#include "source/opcua/services/address_walk.h"

namespace tagwire::source::opcua {

struct SearchRequest {
    /// Part of the browse name or the display name, in upper or lower case (of ASCII letters).
    std::string text;
    /// Where the search begins; itself it is not found.
    NodeAddress start{std::uint16_t{0}, std::uint32_t{UA_NS0ID_OBJECTSFOLDER}};
    std::size_t maxHits = 1'000;
    WalkBounds bounds{};
};

struct SearchCallbacks {
    /// As they are found, the nearest first.
    std::function<void(std::vector<SearchHit> hits)> onHits;
    /// At the end. `words` says what was left out; empty when everything was looked at.
    std::function<void(const WalkEnd& end, std::string words)> onDone;
};

Operation searchNodes(const ServerView& server, const SearchRequest& request, SearchCallbacks callbacks);

/// Whether `text` contains `part`, ASCII letters in either case.
[[nodiscard]] bool containsText(std::string_view text, std::string_view part) noexcept;

}  // namespace tagwire::source::opcua
