#include "access/throttle.h"

#include <algorithm>

namespace tagwire::access {
namespace {

/// Doubling beyond it would overflow, and is over `longest` anyway.
constexpr std::uint32_t kMostDoublings = 20;

}  // namespace

std::optional<std::chrono::seconds> Throttle::wait(const std::string& key, SteadyTime now) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.blockedUntil <= now) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(found->second.blockedUntil - now);
}

std::optional<std::chrono::seconds> Throttle::failed(const std::string& key, SteadyTime now) {
    if (!entries_.contains(key)) makeRoom(now);
    auto& entry = entries_[key];
    if (now - entry.last > limits_.forgottenAfter) entry.failures = 0;
    entry.last = now;
    ++entry.failures;
    if (entry.failures < limits_.freeFailures) return std::nullopt;
    const auto doublings = std::min(entry.failures - limits_.freeFailures, kMostDoublings);
    const auto time = std::min(limits_.first * (1U << doublings), limits_.longest);
    entry.blockedUntil = now + time;
    return time;
}

void Throttle::makeRoom(SteadyTime now) {
    if (entries_.size() < limits_.entries) return;
    std::erase_if(entries_,
                  [&](const auto& each) { return now - each.second.last > limits_.forgottenAfter; });
    if (entries_.size() < limits_.entries) return;
    entries_.erase(std::ranges::min_element(entries_, {}, [](const auto& each) { return each.second.last; }));
}

}  // namespace tagwire::access
