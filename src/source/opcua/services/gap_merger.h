/// Puts what a server's history knows of an outage and what has come live since into one row, oldest first:
/// one item's. Thread: the source's. Lifetime: from the reconnect until the item's gap is filled or given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"

namespace tagwire::source::opcua {

class GapMerger {
public:
    /// Live values that are held back at most while the history is read.
    static constexpr std::size_t kMaxHeld = 1'000;

    /// `last`: source time of the last value that was delivered before the outage.
    explicit GapMerger(Timestamp last, std::size_t maxHeld = kMaxHeld) noexcept
        : last_(last), maxHeld_(maxHeld) {}

    /// A value that came by subscription meanwhile. When too many are held the oldest goes.
    void hold(DataValue live);

    [[nodiscard]] std::size_t held() const noexcept { return held_.size(); }

    struct Merged {
        /// By source time and, where these are equal, as it came.
        std::vector<DataValue> values;
        /// By index in `values`: only the history had it, and something newer follows.
        std::vector<bool> backfill;
        /// Held values that were dropped and that the history does not have either.
        std::uint64_t lost = 0;
        /// Of `values`, those that only the history had.
        std::size_t recovered = 0;
        /// Values are missing and none of `values` could tell: the item's next value gets the overflow bit.
        bool markNext = false;
    };

    /// What is to be delivered:
    /// - of the history only what is newer than the last value, each source time once, and nothing that is
    /// held
    ///   too (the held one stays: it carries what the server says now);
    /// - every held value, even one as old as the last: it says that the item is Good again. The same one
    ///   twice, as after ResendData, is one.
    /// The overflow bit of a held value goes where the history has what was lost before it.
    /// Where values are missing (`complete` is false: between the history's end and the next held value; or
    /// held ones were dropped) the one after them has the overflow bit. Leaves nothing held.
    [[nodiscard]] Merged finish(std::vector<DataValue> history, bool complete);

private:
    const Timestamp last_;
    const std::size_t maxHeld_;
    /// A ring once it is full.
    std::vector<DataValue> held_;
    std::size_t oldest_ = 0;
    std::uint64_t dropped_ = 0;
    /// The newest of the dropped ones.
    Timestamp droppedUntil_ = Timestamp::min();
};

}  // namespace tagwire::source::opcua
