/// Wakes one waiting thread when any of its mailboxes got something.
/// Thread: ring by any, wait by the one owner. Lifetime: outlives the mailboxes that ring it.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/time.h"

namespace tagwire {

class Doorbell {
public:
    void ring() {
        {
            const std::scoped_lock lock(mutex_);
            rung_ = true;
        }
        condition_.notify_one();
    }

    /// Returns as soon as the bell was rung since the last wait, or at `deadline`. True if it was rung.
    bool waitUntil(SteadyTime deadline) {
        std::unique_lock lock(mutex_);
        const bool rung = condition_.wait_until(lock, deadline, [this] { return rung_; });
        rung_ = false;
        return rung;
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool rung_ = false;
};

}  // namespace tagwire
