/// The addresses of one server and of those that stand in for it (non-transparent redundancy, OPC 10000-4,
/// 6.6.2), and which is to be used. Every round of attempts begins with the first; a connection that works
/// is not given up for another, unless its server says that its service level is below 200 and another's
/// is not known to be as low.
/// Thread: the source's. Lifetime: the session's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace tagwire::source::opcua {

class EndpointList {
public:
    /// How long a failure or a low service level of an address is held against it.
    static constexpr std::chrono::minutes kMemory{5};

    EndpointList(std::string first, const std::vector<std::string>& further);

    [[nodiscard]] const std::string& current() const noexcept { return all_[current_].address; }
    [[nodiscard]] std::size_t index() const noexcept { return current_; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

    /// The current one cannot be used. Goes to the next; false when every one was tried in this round, and
    /// the next round begins.
    [[nodiscard]] bool failed(SteadyTime now);
    /// The current one can be used: the next failure begins a new round.
    void works() noexcept { triedInRound_.assign(all_.size(), false); }
    /// What the current one says of itself.
    void told(std::uint8_t level, SteadyTime now) noexcept;
    /// Goes to another that may be better than the current one; false if there is none.
    [[nodiscard]] bool moveToBetter(SteadyTime now);

private:
    struct Endpoint {
        std::string address;
        std::optional<std::uint8_t> level;
        std::optional<SteadyTime> toldAt;
        std::optional<SteadyTime> failedAt;
    };

    std::vector<Endpoint> all_;
    std::size_t current_ = 0;
    std::vector<bool> triedInRound_;
};

}  // namespace tagwire::source::opcua
