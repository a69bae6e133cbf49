#include "source/opcua/session/endpoint_list.h"

#include <algorithm>
#include <utility>

#include "source/opcua/session/server_watch.h"

namespace tagwire::source::opcua {

EndpointList::EndpointList(std::string first, const std::vector<std::string>& further)
    : triedInRound_(further.size() + 1, false) {
    all_.push_back({.address = std::move(first), .level = {}, .toldAt = {}, .failedAt = {}});
    for (const std::string& address : further)
        all_.push_back({.address = address, .level = {}, .toldAt = {}, .failedAt = {}});
}

bool EndpointList::failed(SteadyTime now) {
    all_[current_].failedAt = now;
    triedInRound_[current_] = true;
    const auto next = std::ranges::find(triedInRound_, false);
    if (next == triedInRound_.end()) {
        works();
        current_ = 0;
        return false;
    }
    current_ = static_cast<std::size_t>(next - triedInRound_.begin());
    return true;
}

void EndpointList::told(std::uint8_t level, SteadyTime now) noexcept {
    all_[current_].level = level;
    all_[current_].toldAt = now;
    all_[current_].failedAt.reset();
}

bool EndpointList::moveToBetter(SteadyTime now) {
    const auto recently = [now](const std::optional<SteadyTime>& at) { return at && now - *at < kMemory; };
    const int level = all_[current_].level.value_or(255);
    if (level >= kHealthyServiceLevel) return false;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const Endpoint& other = all_[i];
        if (i == current_ || recently(other.failedAt)) continue;
        if (recently(other.toldAt) && other.level.value_or(0) <= level) continue;
        current_ = i;
        works();
        return true;
    }
    return false;
}

}  // namespace tagwire::source::opcua
