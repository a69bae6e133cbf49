#include "source/opcua/session/backoff.h"

#include <algorithm>

namespace tagwire::source::opcua {

Backoff::Backoff(std::chrono::milliseconds shortest, std::chrono::milliseconds longest, std::uint64_t seed)
    : shortest_(shortest), longest_(std::max(shortest, longest)), random_(seed) {}

std::chrono::milliseconds Backoff::next(Cause cause) {
    constexpr std::uint32_t kMaxDoublings = 20;
    failures_ = std::min(failures_ + 1, kMaxDoublings);
    const auto limit = cause == Cause::Unreachable ? std::min(longest_, 4 * shortest_) : longest_;
    const auto whole = std::min(limit, shortest_ * (std::int64_t{1} << failures_));
    std::uniform_int_distribution<std::int64_t> spread(std::max(shortest_, whole / 2).count(), whole.count());
    return std::chrono::milliseconds(spread(random_));
}

}  // namespace tagwire::source::opcua
