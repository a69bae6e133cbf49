/// The latest version of something that one thread makes and others look at.
/// Thread: set by one, get by any. Lifetime: outlives both; what get() returned outlives it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tagwire {

template <class T>
class Latest {
public:
    void set(std::shared_ptr<const T> value) {
        // The old one is destroyed outside the lock.
        const std::scoped_lock lock(mutex_);
        value_.swap(value);
    }

    /// Null before the first set().
    [[nodiscard]] std::shared_ptr<const T> get() const {
        const std::scoped_lock lock(mutex_);
        return value_;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace tagwire
