/// The conditions of one server that are of interest now, each with its branches (OPC 10000-9, 5.5.2), and
/// what each event changes about them. Pure: no I/O, no clock.
/// Thread: the source's. Lifetime: the session's; it outlives every generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "model/source_event.h"

namespace tagwire::source::opcua {

class ConditionTable {
public:
    enum class Taken : std::uint8_t {
        /// The event told nothing that was not known: a repetition by a refresh.
        Known,
        /// Only the id of its latest event is another one: what a refresh of some servers does.
        Renamed,
        Changed,
        /// Retain went away, and the condition with it.
        Gone,
        /// Not retained, and not here before.
        NotRetained,
        /// The table is full: those that are here stay, and go on being followed.
        Refused,
    };

    explicit ConditionTable(std::size_t capacity) : capacity_(capacity) {}

    [[nodiscard]] Taken take(SharedCondition condition);

    /// From here on, what is not taken again until endRefresh() is gone.
    void beginRefresh() noexcept { ++round_; }
    /// Lets go what was not taken since beginRefresh(), and returns it.
    [[nodiscard]] std::vector<ConditionKey> endRefresh();

    [[nodiscard]] bool contains(const ConditionKey& key) const { return entries_.contains(key); }
    /// Null where there is none.
    [[nodiscard]] SharedCondition find(const ConditionKey& key) const;
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::vector<SharedCondition> all() const;

private:
    struct Entry {
        SharedCondition condition;
        /// In which it was last taken.
        std::uint64_t round;
    };

    const std::size_t capacity_;
    std::uint64_t round_ = 0;
    std::map<ConditionKey, Entry> entries_;
};

}  // namespace tagwire::source::opcua
