/// Asserts, in debug builds, that an object is used by the one thread that owns it.
/// Thread: the owner's; binds to the first thread that calls check(). Lifetime: member of the checked object.
#pragma once

#include <atomic>
#include <cassert>
#include <thread>

namespace tagwire {

class ThreadChecker {
public:
    /// The calling thread becomes, or must be, the owner.
    void check() const noexcept {
#ifndef NDEBUG
        std::thread::id none{};
        const auto self = std::this_thread::get_id();
        const bool owned = owner_.compare_exchange_strong(none, self) || none == self;
        assert(owned && "object used by a thread that does not own it");
#endif
    }

    /// Hands the object to another thread: the next check() binds anew.
    void release() noexcept {
#ifndef NDEBUG
        owner_.store({});
#endif
    }

private:
#ifndef NDEBUG
    mutable std::atomic<std::thread::id> owner_{};
#endif
};

}  // namespace tagwire
