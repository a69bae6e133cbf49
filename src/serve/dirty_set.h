/// Which of a subscription's slots still have to be sent: a bit each, so that marking touches one word and a
/// client that is not read from costs no more than its bits. Thread: the shard's. Lifetime: owned by its
/// subscription.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagwire::serve {

class DirtySet {
public:
    /// Slots below `size` may be inserted from now on.
    void grow(std::size_t size) {
        if (words() * kBits < size) further_.resize((size - 1) / kBits);
    }
    void insert(std::size_t slot) noexcept {
        std::uint64_t& word = slot < kBits ? first_ : further_[slot / kBits - 1];
        const std::uint64_t bit = std::uint64_t{1} << slot % kBits;
        count_ += (word & bit) == 0 ? 1 : 0;
        word |= bit;
    }
    [[nodiscard]] bool contains(std::size_t slot) const noexcept {
        const std::uint64_t word = slot < kBits ? first_ : further_[slot / kBits - 1];
        return (word >> slot % kBits & 1U) != 0;
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    /// Takes slots out, in their order, until none is left or `out` is full; returns their part of it. The
    /// next call goes on where this one stopped, and round, so that every slot has its turn.
    [[nodiscard]] std::span<const std::uint32_t> take(std::span<std::uint32_t> out) noexcept {
        std::size_t taken = 0;
        while (count_ > 0) {
            if (next_ >= words()) next_ = 0;
            std::uint64_t& word = next_ == 0 ? first_ : further_[next_ - 1];
            for (; word != 0; word &= word - 1, --count_) {
                if (taken == out.size()) return out;
                out[taken++] = next_ * kBits + static_cast<std::uint32_t>(std::countr_zero(word));
            }
            ++next_;
        }
        next_ = 0;
        return out.first(taken);
    }

private:
    static constexpr std::uint32_t kBits = 64;

    [[nodiscard]] std::size_t words() const noexcept { return 1 + further_.size(); }

    /// Most subscriptions have few tags: theirs are here, where no second place in memory is touched.
    std::uint64_t first_ = 0;
    std::vector<std::uint64_t> further_;
    std::uint32_t count_ = 0;
    std::uint32_t next_ = 0;  ///< word
};

}  // namespace tagwire::serve
