/// A few things at a time, each as long as its pointer lives.
/// Thread: one. Lifetime: may go before its turns.
#pragma once

#include <cstddef>
#include <memory>

namespace tagwire::serve {

class Turns {
public:
    /// Null: `limit` are taken already.
    [[nodiscard]] std::shared_ptr<void> take(std::size_t limit) const {
        const auto others = static_cast<std::size_t>(count_.use_count()) - 1;
        return others < limit ? std::shared_ptr<void>(count_) : nullptr;
    }

private:
    std::shared_ptr<int> count_ = std::make_shared<int>();  ///< counts by its owners
};

}  // namespace tagwire::serve
