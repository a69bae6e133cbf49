/// What one client knows of its tags, to see from the values whether a change is missing.
/// Thread: the client's. Lifetime: owned by its connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagwire::bench {

/// A load tag grows by one hundredth with each change and begins anew after this many.
inline constexpr std::int32_t kLoadValues = 10'001;

/// How many changes lie between two values of a tag, 0 to kLoadValues - 1. More than half means that `to` is
/// older.
[[nodiscard]] inline std::int32_t changesBetween(std::int32_t from, std::int32_t to) noexcept {
    const auto steps = to - from;
    return steps < 0 ? steps + kLoadValues : steps;
}

/// A hash table of handles with linear probing; holds about `expected` without growing.
class TagValues {
public:
    static constexpr std::int32_t kNone = -1;

    explicit TagValues(std::size_t expected = 0) { reserve(expected); }

    /// The last value of the tag, for reading and writing; kNone when there was none yet.
    [[nodiscard]] std::int32_t& of(std::uint32_t handle) {
        if ((known_ + 1) * 4 > slots_.size() * 3) reserve(slots_.size() * 2);
        Slot& slot = find(handle);
        if (slot.handle == kFree) {
            slot = {handle, kNone};
            ++known_;
        }
        return slot.value;
    }
    /// kNone for unknown tags.
    [[nodiscard]] std::int32_t peek(std::uint32_t handle) const {
        return const_cast<TagValues*>(this)->find(handle).value;
    }
    [[nodiscard]] std::size_t known() const noexcept { return known_; }

    template <class Visit>
    void forEach(Visit&& visit) const {
        for (const Slot& slot : slots_) {
            if (slot.handle != kFree) visit(slot.handle, slot.value);
        }
    }

private:
    static constexpr std::uint32_t kFree = 0xFFFF'FFFF;
    struct Slot {
        std::uint32_t handle = kFree;
        std::int32_t value = kNone;
    };

    [[nodiscard]] Slot& find(std::uint32_t handle) noexcept {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = (handle * 2'654'435'769U >> 7U) & mask;
        while (slots_[at].handle != handle && slots_[at].handle != kFree) at = (at + 1) & mask;
        return slots_[at];
    }
    void reserve(std::size_t expected) {
        std::size_t size = 8;
        while (size * 3 < (expected + 1) * 4) size *= 2;
        std::vector<Slot> old(size);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.handle != kFree) find(slot.handle) = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t known_ = 0;
};

}  // namespace tagwire::bench
