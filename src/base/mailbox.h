/// How immutable or moved values cross from one thread to another: a bounded queue, and a box with the
/// latest. Thread: push and write by any, drain by the one owner, read by any. Lifetime: outlives its
/// producers.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace tagwire {

/// The bound is in units of weight: an item weighs what its producer says (updates in a batch, bytes, 1).
/// Items of weight 0 are control messages: they are always taken and never dropped; their producers bound
/// them.
template <class T>
class Mailbox {
public:
    /// `wake` is called, outside the lock, when the mailbox turns from empty to non-empty.
    Mailbox(std::size_t capacity, std::function<void()> wake) : capacity_(capacity), wake_(std::move(wake)) {}

    /// Full mailbox: refuses. False means that `item` was not taken (it is left untouched).
    [[nodiscard]] bool tryPush(T&& item, std::size_t weight = 1) {
        bool wasEmpty = false;
        {
            const std::scoped_lock lock(mutex_);
            if (weight > 0 && weight_ + weight > capacity_ && weight_ > 0) return false;
            wasEmpty = items_.empty();
            append(std::move(item), weight);
        }
        if (wasEmpty) wake_();
        return true;
    }

    /// Full mailbox: makes room by merging what waits. `merge(std::vector<T> run) -> std::pair<T,
    /// std::size_t>` turns a run of neighbouring items of weight > 0, oldest first, into one item and its
    /// weight. Control messages are never crossed. When nothing can be merged any more the item is taken all
    /// the same: the bound is then what `merge` cannot shrink (for values conflated by tag: the number of
    /// tags between two control messages).
    template <class Merge>
    void pushMerging(T&& item, std::size_t weight, Merge merge) {
        bool wasEmpty = false;
        {
            const std::scoped_lock lock(mutex_);
            wasEmpty = items_.empty();
            append(std::move(item), weight);
            if (weight_ > capacity_) mergeRuns(merge);
        }
        if (wasEmpty) wake_();
    }

    /// Takes items, oldest first, until `maxWeight` is reached (at least one if there is any). False if
    /// empty.
    bool drain(std::vector<T>& out, std::size_t maxWeight = static_cast<std::size_t>(-1)) {
        const std::scoped_lock lock(mutex_);
        std::size_t taken = 0;
        const bool any = !items_.empty();
        while (!items_.empty() && (taken == 0 || taken + items_.front().weight <= maxWeight)) {
            taken += items_.front().weight;
            weight_ -= items_.front().weight;
            out.push_back(std::move(items_.front().item));
            items_.pop_front();
        }
        return any;
    }

    [[nodiscard]] std::size_t weight() const {
        const std::scoped_lock lock(mutex_);
        return weight_;
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
    struct Slot {
        T item;
        std::size_t weight;
    };

    template <class Merge>
    void mergeRuns(Merge& merge) {
        std::deque<Slot> merged;
        std::size_t total = 0;
        std::vector<T> run;
        const auto closeRun = [&] {
            if (run.empty()) return;
            auto [item, weight] = merge(std::exchange(run, {}));
            total += weight;
            merged.push_back(Slot{std::move(item), weight});
        };
        for (auto& slot : items_) {
            if (slot.weight > 0) {
                run.push_back(std::move(slot.item));
                continue;
            }
            closeRun();
            merged.push_back(std::move(slot));
        }
        closeRun();
        items_ = std::move(merged);
        weight_ = total;
    }

    void append(T&& item, std::size_t weight) {
        items_.push_back(Slot{std::move(item), weight});
        weight_ += weight;
    }

    const std::size_t capacity_;
    const std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::deque<Slot> items_;
    std::size_t weight_ = 0;
};

}  // namespace tagwire
