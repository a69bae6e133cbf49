/// Which of a subscription's slots still have to be sent: a bit each, so that marking touches one word and a
/// client that is not read from costs no more than its bits. Thread: the shard's. Lifetime: owned by its
/// subscription.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagwire::serve {

class DirtySet {
public:
    /// Slots below `size` may be inserted from now on.
    void grow(std::size_t size) {
        if (words_.size() * kBits < size) words_.resize((size + kBits - 1) / kBits);
    }
    void insert(std::size_t slot) noexcept {
        std::uint64_t& word = words_[slot / kBits];
        const std::uint64_t bit = std::uint64_t{1} << slot % kBits;
        count_ += (word & bit) == 0 ? 1 : 0;
        word |= bit;
    }
    [[nodiscard]] bool contains(std::size_t slot) const noexcept {
        return (words_[slot / kBits] >> slot % kBits & 1U) != 0;
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    /// Takes slots out, in their order, until none is left or `visit(slot)` returns false. The next call goes
    /// on where this one stopped, and round, so that every slot has its turn.
    template <class Visit>
    void take(Visit&& visit) {
        while (count_ > 0) {
            if (next_ >= words_.size()) next_ = 0;
            std::uint64_t& word = words_[next_];
            while (word != 0) {
                const auto slot = next_ * kBits + static_cast<std::size_t>(std::countr_zero(word));
                word &= word - 1;
                --count_;
                if (!visit(slot)) return;
            }
            ++next_;
        }
        next_ = 0;
    }

private:
    static constexpr std::size_t kBits = 64;

    std::vector<std::uint64_t> words_;
    std::size_t count_ = 0;
    std::size_t next_ = 0;  ///< word
};

}  // namespace tagwire::serve
