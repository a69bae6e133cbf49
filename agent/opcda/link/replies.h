/// Answers on their way from the workers to the connection whose gateway asked; those of an earlier
/// connection reach nobody. Bounded by the questions that workers take. Thread: any. Lifetime: shared by
/// bridge and workers.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace tagwire::da {

class Replies {
public:
    /// A connection begins: answers to questions of the one before are dropped. Its number.
    std::uint64_t begin() {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
        return ++connection_;
    }
    /// Nobody is asked for answers any more.
    void end() { static_cast<void>(begin()); }

    [[nodiscard]] bool isCurrent(std::uint64_t connection) {
        const std::lock_guard lock(mutex_);
        return connection == connection_;
    }
    void put(std::uint64_t connection, std::string frame) {
        const std::lock_guard lock(mutex_);
        if (connection == connection_) waiting_.push_back(std::move(frame));
    }
    [[nodiscard]] std::vector<std::string> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(waiting_, {});
    }

private:
    std::mutex mutex_;
    std::uint64_t connection_ = 0;
    std::vector<std::string> waiting_;
};

}  // namespace tagwire::da
