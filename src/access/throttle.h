/// Slows down whoever guesses: after some failures each further one doubles the time until the next try.
/// Thread: one at a time. Lifetime: owned by AccessService. What is remembered is bounded: where it is full,
/// what failed longest ago is forgotten.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace tagwire::access {

class Throttle {
public:
    struct Limits {
        std::uint32_t freeFailures = 5;
        std::chrono::seconds first{1};
        std::chrono::seconds longest{900};
        std::chrono::seconds forgottenAfter{3600};
        std::size_t entries = 10'000;
    };

    explicit Throttle(Limits limits) : limits_(limits) {}

    /// How long still; nothing: it may be tried.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& key, SteadyTime now) const;
    /// The time until the next try, if there is one to wait from now on.
    std::optional<std::chrono::seconds> failed(const std::string& key, SteadyTime now);
    void succeeded(const std::string& key) { entries_.erase(key); }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Entry {
        std::uint32_t failures = 0;
        SteadyTime last;
        SteadyTime blockedUntil;
    };

    void makeRoom(SteadyTime now);

    const Limits limits_;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace tagwire::access
